"""What ``nbgrader_config.py`` sets so that every way of grading takes the guarded one."""

from pathlib import Path

from traitlets.config import Config

# RestoreCells does what nbgrader's DeduplicateIds, OverwriteCells and OverwriteKernelspec do, and
# leaves no metadata of the student's for CheckCellMetadata
SANITIZE = ["grading.preprocessors.RestoreCells", "nbgrader.preprocessors.ClearOutput"]
# SaveOutcome does what nbgrader's SaveAutoGrades and AssignLatePenalties do, at once
AUTOGRADE = [
    "grading.execute.GuardedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "grading.preprocessors.SaveOutcome",
]
FEEDBACK = [
    "grading.pages.HideTests",
    "nbgrader.preprocessors.GetGrades",
    "grading.verdicts.Verdicts",
]


def guard(c: Config) -> None:
    """Let plain ``nbgrader autograde`` and the formgrader's button use the sandbox too."""
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(AUTOGRADE)
    c.GenerateFeedback.preprocessors = list(FEEDBACK)
    c.GenerateFeedback.exporter_class = "grading.pages.Pages"
    c.Pages.template_name = "page"
    c.Pages.extra_template_basedirs = [str(Path(__file__).with_name("templates"))]
    c.ExportApp.plugin_class = "grading.report.StateExporter"
    c.AssignLatePenalties.plugin_class = "grading.late.LateDays"  # nbgrader's own, and more
    # files as Moodle, Canvas and Blackboard name them
    c.ZipCollectApp.collector_plugin = "grading.collect.Platforms"
    c.ZipCollectApp.extractor_plugin = "grading.collect.Archives"
