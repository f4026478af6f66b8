package io.github.lsgspark.config;

import java.util.List;

/**
 * The names that a setting may have, where this package does not know them: registered as a service
 * by the module that does. A configuration with another name is refused with its file and line.
 */
public interface SettingNames {

  /** Path of the setting, like {@code train.backbone}. */
  String path();

  /** What it may be. */
  List<String> names();

  /**
   * Checks what the name asks of other settings.
   *
   * @throws IllegalArgumentException if that does not hold, with the keys and values in its message
   */
  default void check(Settings settings) {}
}
