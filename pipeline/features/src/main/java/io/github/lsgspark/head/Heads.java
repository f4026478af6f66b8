package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingNames;
import java.util.List;
import java.util.stream.Stream;

/**
 * The heads by name, also for the reader of configurations: closed forms, and the one that is
 * trained, which the stage makes itself.
 */
public final class Heads implements SettingNames {
  private static final String SETTING = "head.kind";

  /** The closed form of a name. */
  public static HeadKind of(String label) {
    return registry().get(label);
  }

  /** All closed forms. */
  public static List<HeadKind> kinds() {
    return registry().entries();
  }

  private static Registry<HeadKind> registry() {
    return Registry.of(HeadKind.class, SETTING, List::of, HeadKind::label);
  }

  @Override
  public String path() {
    return SETTING;
  }

  @Override
  public List<String> names() {
    return Stream.concat(registry().names().stream(), Stream.of(HeadSettings.LSG)).toList();
  }
}
