package io.github.lsgspark.config;

import java.util.List;

/** What modules register of the names in configurations. */
final class RegisteredNames {
  private RegisteredNames() {}

  static List<SettingNames> all() {
    return Registry.of(
            SettingNames.class, "META-INF/services", List::of, names -> names.getClass().getName())
        .entries();
  }

  /**
   * Checks what names ask of other settings.
   *
   * @throws LsgException exit 2 if that does not hold
   */
  static Settings checked(Settings settings) {
    for (SettingNames names : all()) {
      try {
        names.check(settings);
      } catch (IllegalArgumentException e) {
        throw LsgException.usage(e.getMessage());
      }
    }
    return settings;
  }
}
