package io.github.lsgspark.head;

import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingNames;
import java.util.List;

/** The heads by name, also for the reader of configurations. */
public final class Heads implements SettingNames {
  private static final String SETTING = "head.kind";

  /** The head of a name. */
  public static HeadKind of(String label) {
    return registry().get(label);
  }

  /** All heads. */
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
    return registry().names();
  }
}
