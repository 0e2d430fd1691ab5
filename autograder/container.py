"""What `run_autograder` calls in a container, for Gradescope and for `otter grade`: judge one upload.

Results are written by this process alone, where no student's code can reach; a fault of ours says
so and gives no points, and what went wrong is printed for the instructor.
"""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path

from autograder import gradescope, grading, master
from autograder.errors import GraderError
from autograder.files import write_whole
from autograder.report.gradescope_json import failed_json, graded_json, limited_json
from autograder.report.otter_results import failed_pickle, result_pickle
from autograder.submission import find_upload, read_submission

UNGRADED = "The submission was not graded, and has no points"

_PRIVATE = ("source", "submission", "results", "submission_metadata.json")


def main(root: str = "/autograder") -> None:
    """Judge what lies in `submission/` and write `results/results.json` and `results/results.pkl`."""
    started, own = time.monotonic(), time.process_time()
    folder = Path(root)
    results = folder / "results"
    results.mkdir(exist_ok=True)
    try:
        private = [folder / name for name in _PRIVATE if (folder / name).exists()]
        for path in private:  # notebooks run as other users
            path.chmod(0o700 if path.is_dir() else 0o600)
        written, pickled = _judged(folder, private, started)
    except GraderError as error:
        print(f"{UNGRADED}: {error}", file=sys.stderr)
        written, pickled = failed_json(), failed_pickle(f"{UNGRADED}: {error}")
    except Exception as error:
        traceback.print_exc()
        told = f"{UNGRADED}, by a fault of the grader ({type(error).__name__}: {error})"
        print(f"{told}: please report it, with all that is above", file=sys.stderr)
        written, pickled = failed_json(), failed_pickle(told)
    write_whole(results / "results.pkl", pickled)
    write_whole(results / "results.json", written)
    print(f"\nthe judge used {time.process_time() - own:.3f} of {time.monotonic() - started:.3f} seconds")


def _judged(folder: Path, private: list[Path], started: float) -> tuple[bytes, bytes]:
    """Return results.json and results.pkl for what was handed in; no notebook may read what is private."""
    loaded = master.read_packed(folder / "source")
    assignment = loaded.assignment
    upload = gradescope.read_upload(folder / "submission_metadata.json")
    limit = assignment.rate_limit
    if limit is not None and (again := gradescope.not_before(upload, limit)):
        reason = "not graded: beyond the rate limit"
        print(reason)
        return limited_json(upload, limit, again), failed_pickle(reason)
    result = grading.judge_alone(
        loaded,
        lambda: read_submission(
            find_upload(folder / "submission", assignment.name), assignment=assignment.name
        ),
        "submission",
        hidden=private,
        warn=lambda warning: print(f"warning: {warning}", file=sys.stderr),
    )
    print(f"{result.submission}: {result.points:g} of {result.possible:g} points", *result.remarks, sep="\n")
    if result.printed:
        print(f"\nWhat the notebook printed:\n{result.printed}")
    seconds = time.monotonic() - started
    return graded_json(result, assignment, upload, seconds), result_pickle(result)
