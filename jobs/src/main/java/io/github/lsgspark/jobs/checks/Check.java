package io.github.lsgspark.jobs.checks;

/** Looks at one kind of thing that a run needs. */
interface Check {

  /** Tells of everything that is wrong; what another check told before is not told again. */
  void run(Plan plan, Findings findings);
}
