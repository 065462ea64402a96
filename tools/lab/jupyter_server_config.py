"""What JupyterLab does for students and instructors alike: Validate shows a table; a notebook that
was only opened and saved stays as it was; text and callouts look as on the course's pages.
"""

import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
import desk  # noqa: E402
import validation  # noqa: E402

validation.install()
c = get_config()  # noqa: F821 - given by JupyterLab
c.FileContentsManager.pre_save_hook = desk.before_save
c.LabApp.custom_css = True
c.LabApp.extra_labextensions_path = [str(ROOT / "tools" / "lab" / "extensions")]
c.ServerApp.tornado_settings = {"static_custom_path": [str(ROOT / "tools" / "lab" / "custom")]}
# said of every hook, since its check runs again when all settings are there
warnings.filterwarnings("ignore", r"Overriding existing \w+_save_hook")
