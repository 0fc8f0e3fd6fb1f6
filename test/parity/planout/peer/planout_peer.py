"""Answers questions about draws, scripts, experiments and namespaces with PlanOut 0.6.0."""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / 'environment')]

import draws  # noqa: E402
import experiments  # noqa: E402
import namespaces  # noqa: E402
import scripts  # noqa: E402
from line_peer import serve  # noqa: E402

ANSWERS = {
    'draw': draws.answer,
    'experiment': experiments.answer,
    'namespace': namespaces.answer,
    'script': scripts.answer,
}


def answer(question: dict) -> object:
    return ANSWERS[question['about']](question)


serve(answer)
