"""What the Party committee of an administrative unit is called."""

_DISTRICT = {"Huyện": "Huyện ủy", "Quận": "Quận ủy", "Thị xã": "Thị ủy", "Thành phố": "Thành ủy"}


def province_committee(name: str) -> str:
    """Return "Tỉnh ủy Lào Cai" for "Tỉnh Lào Cai", "Thành ủy Huế" for "Thành phố Huế"."""
    kind, own = _parted(name, ("Thành phố", "Tỉnh"))
    return f"{'Thành ủy' if kind == 'Thành phố' else 'Tỉnh ủy'} {own}"


def district_committee(name: str) -> str:
    """Return "Thị ủy Sa Pa" for "Thị xã Sa Pa"; a numbered district keeps its word: "Quận ủy Quận 1"."""
    kind, own = _parted(name, tuple(_DISTRICT))
    return f"{_DISTRICT.get(kind, 'Đảng ủy')} {f'{kind} {own}' if own.isdigit() else own}"


def commune_committee(name: str) -> str:
    """Return "Đảng ủy phường Lào Cai" for "Phường Lào Cai"."""
    return f"Đảng ủy {name[:1].lower()}{name[1:]}"


def _parted(name: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    for kind in kinds:
        if name.startswith(f"{kind} "):
            return kind, name[len(kind) + 1 :]
    return "", name
