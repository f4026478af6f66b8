package io.github.lsgspark.jobs.tracking;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import java.util.List;
import java.util.Optional;

/** A place that is told of runs. */
public interface RunTracker extends AutoCloseable {

  /**
   * What META-INF/services names: opens its tracker where it is asked for.
   *
   * @see java.util.ServiceLoader
   */
  interface Kind {

    /**
     * The tracker that the settings, or the environment, ask for; empty if none.
     *
     * @throws LsgException exit 2 if what they say makes no sense
     */
    Optional<RunTracker> open(Settings settings);
  }

  /**
   * Asks whether it could be told, before any long work.
   *
   * @throws LsgException exit 4 if not
   */
  void check();

  /**
   * Tells of a run and those below it, each unless it is there already.
   *
   * @throws LsgException exit 4 if that fails
   */
  void tell(TrackedRun whole, List<TrackedRun> parts);

  @Override
  void close();
}
