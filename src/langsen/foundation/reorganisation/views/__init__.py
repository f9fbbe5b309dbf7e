"""Pages of organisations and units."""

from langsen.foundation.reorganisation.views.changing import change
from langsen.foundation.reorganisation.views.looking import tree, tree_excel, unit_page

__all__ = ["change", "tree", "tree_excel", "unit_page"]
