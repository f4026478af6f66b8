package io.github.lsgspark.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the text of configuration files comes from. */
@FunctionalInterface
public interface ConfigText {

  /** Files of this machine. */
  ConfigText LOCAL =
      location -> {
        Path file = Path.of(location);
        return Files.isRegularFile(file)
            ? Optional.of(Files.readString(file, StandardCharsets.UTF_8))
            : Optional.empty();
      };

  /**
   * The text of a file; empty if there is none.
   *
   * @throws IOException if it is there and cannot be read
   */
  Optional<String> read(String location) throws IOException;

  /**
   * Whether there is a file or folder.
   *
   * @throws IOException if that cannot be said
   */
  default boolean exists(String location) throws IOException {
    try {
      return Files.exists(Path.of(location));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
