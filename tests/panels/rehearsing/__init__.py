"""Tests of the step Rehearse."""
