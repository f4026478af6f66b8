package io.github.lsgspark.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration that trains for a while on few and small pictures, for tests that break it off.
 */
final class SmallTraining {
  private static final String CONFIG =
      """
      data {
        train = "drawn:novel"
        drawn { image-size = 16, novel-classes = 5, train-per-class = 6, test-per-class = 8 }
      }
      prompts { train = 3, heldout = 2 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.3
      gcn { iterations = 5, evaluate-every = 5 }
      train {
        backbone = small-cnn, image-size = 16, global-batch = 6
        learning-rate = 0.01, precision = float32, augmentation.resize-factor = 1
        start = random, keep = trained
      }
      """;

  private SmallTraining() {}

  /**
   * Writes the configuration into a file.
   *
   * @param more what else it says
   */
  static Path write(Path file, String more) throws IOException {
    return Files.writeString(file, CONFIG + more);
  }
}
