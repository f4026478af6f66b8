package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingNames;
import io.github.lsgspark.config.Settings;
import java.util.List;

/** The label encoders by name. */
public final class LabelEncoders implements SettingNames {
  /** A sentence encoder by name, or what the folder embedding.model holds. */
  public static final String AUTO = "auto";

  /** MLlib's TF-IDF and truncated SVD. */
  public static final String LEXICAL = "lexical";

  /** Vectors from a file. */
  public static final String PRECOMPUTED = "precomputed";

  /** A language model from a Hub folder. */
  public static final String TRANSFORMER = "transformer";

  /** A language model as an ONNX graph. */
  public static final String ONNX = "onnx";

  private static final String SETTING = "embedding.encoder";

  /**
   * The encoder that settings name.
   *
   * @throws LsgException exit 2 if there is none; the message lists all
   */
  public static LabelEncoderKind of(Settings settings) {
    return registry().get(settings.embedding().encoder());
  }

  /** All encoders; those of jars beside the program's, too. */
  public static List<LabelEncoderKind> kinds() {
    return registry().entries();
  }

  private static Registry<LabelEncoderKind> registry() {
    return Registry.of(LabelEncoderKind.class, SETTING, List::of, LabelEncoderKind::label);
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
