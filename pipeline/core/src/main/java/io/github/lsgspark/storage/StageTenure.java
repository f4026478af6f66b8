package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.Serializable;
import java.util.Optional;

/**
 * A claim of the driver as its executors see it: what writes for a stage there holds to it that the
 * claim is still the run's.
 *
 * @param path of the claim
 */
public record StageTenure(String path) implements Serializable {
  private static final String RUNNING = "/_running-";
  private static final String CLAIM = "/_claim-";

  /**
   * The claim by which this process uses a running folder ({@link StageStore#running}); empty if it
   * has none.
   */
  public static Optional<StageTenure> of(String runningDir) {
    int name = runningDir.lastIndexOf(RUNNING);
    return name < 0
        ? Optional.empty()
        : StageClaim.heldHere(
                runningDir.substring(0, name)
                    + CLAIM
                    + runningDir.substring(name + RUNNING.length())
                    + "-")
            .map(StageTenure::new);
  }

  /**
   * Ends a run that has lost its place.
   *
   * @throws LsgException exit 1 if another run has taken this one for broken down
   */
  public void requireHeld(HadoopFiles files) {
    if (!files.exists(path)) {
      throw StageClaim.gone(path);
    }
  }
}
