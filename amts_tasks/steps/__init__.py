"""The steps of the pipeline: one function a task, each reads artefacts, makes one pure call and writes artefacts."""

from amts_tasks.steps.align import align
from amts_tasks.steps.download import download
from amts_tasks.steps.extract import extract
from amts_tasks.steps.plan import plan
from amts_tasks.steps.publish import publish
from amts_tasks.steps.resolve import release, resolve
from amts_tasks.steps.run import Params, Run
from amts_tasks.steps.score import score
from amts_tasks.steps.upload import upload

__all__ = ["Params", "Run", "align", "download", "extract", "plan", "publish", "release", "resolve", "score", "upload"]
