package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingNames;
import java.util.List;

/** The heads by name. */
public final class HeadKinds implements SettingNames {
  private static final String SETTING = "head.kind";

  /**
   * The head that settings name.
   *
   * @throws io.github.lsgspark.config.LsgException exit 2 if there is none; the message lists all
   */
  public static HeadKind of(HeadSettings settings) {
    return registry().get(settings.kind());
  }

  /** All heads; those of jars beside the program's, too. */
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
