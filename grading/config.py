"""What ``nbgrader_config.py`` sets so that every way of grading takes the guarded one."""

from traitlets.config import Config

# RestoreCells does what nbgrader's DeduplicateIds and OverwriteCells do, and more
SANITIZE = [
    "grading.preprocessors.RestoreCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.CheckCellMetadata",
]
AUTOGRADE = [
    "grading.execute.GuardedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "grading.preprocessors.SaveGuardedGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "grading.preprocessors.RecordOutcome",
]
FEEDBACK = [
    "grading.feedback.HideTests",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]


def guard(c: Config) -> None:
    """Let plain ``nbgrader autograde`` and the formgrader's button use the sandbox too."""
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(AUTOGRADE)
    c.GenerateFeedback.preprocessors = list(FEEDBACK)
    c.ExportApp.plugin_class = "grading.report.StateExporter"
