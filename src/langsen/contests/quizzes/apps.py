from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "langsen.contests.quizzes"
    label = "quizzes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.contests.contests.hooks import before_announcing, on_checking, on_copied
        from langsen.contests.quizzes.enums import AUDIT_VERBS
        from langsen.contests.quizzes.imports import QuestionFilesImport, QuestionsImport
        from langsen.contests.quizzes.queries.checklist import missing_papers
        from langsen.contests.quizzes.services import freeze_papers
        from langsen.contests.quizzes.services.copying import copy_papers
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.core.sheets.kinds import register_kind

        register_verbs(AUDIT_VERBS)
        register_kind(QuestionsImport())
        register_kind(QuestionFilesImport())
        on_checking(missing_papers)
        before_announcing(freeze_papers)
        on_copied(copy_papers)
