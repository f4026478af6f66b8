package io.github.lsgspark.embedding;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.models.MavenModel;
import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.embedding.models.NamedEncoder;
import io.github.lsgspark.embedding.transformer.ModelKind;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What {@code embedding.encoder}, {@code model} and {@code pooling} come to, where they leave it
 * open.
 */
public final class EncoderChoice {
  private final EmbeddingSettings settings;
  private final Configuration hadoop;
  private final Optional<MavenModel> fetched;

  private EncoderChoice(EmbeddingSettings settings, Configuration hadoop) {
    this.settings = settings;
    this.hadoop = hadoop;
    this.fetched = MavenModel.of(settings);
  }

  /**
   * The choice of settings whose encoder is a pretrained model.
   *
   * @throws LsgException exit 2 if no model is named
   */
  public static EncoderChoice of(EmbeddingSettings settings, Configuration hadoop) {
    if (settings.model().isEmpty() && !settings.encoder().equals(LabelEncoders.AUTO)) {
      throw LsgException.usage(
          "embedding.model must name the folder of a language model, or one of "
              + String.join(", ", NamedEncoder.all().stream().map(NamedEncoder::name).toList()));
    }
    return new EncoderChoice(settings, hadoop);
  }

  /** Whether the model of these settings can be used without fetching anything. */
  public static boolean isHere(EmbeddingSettings settings) {
    return MavenModel.of(settings).map(ModelCache.here()::holds).orElse(true);
  }

  /** The name or the coordinates of a model that is fetched, or the folder that is named. */
  public String model() {
    return fetched.map(MavenModel::name).orElse(settings.model());
  }

  /**
   * Whether an ONNX graph is computed, and not weights by libtorch.
   *
   * @throws LsgException exit 2 if a model that is fetched is to be computed by libtorch, exit 3 if
   *     the folder holds no model
   */
  public boolean onnx() {
    if (fetched.isPresent() && settings.encoder().equals(LabelEncoders.TRANSFORMER)) {
      throw LsgException.usage(
          "embedding.model = "
              + model()
              + " is an ONNX graph: embedding.encoder must be auto or onnx, but was: transformer");
    }
    return switch (settings.encoder()) {
      case LabelEncoders.ONNX -> true;
      case LabelEncoders.AUTO -> fetched.isPresent() || ModelKind.isGraph(folder(), hadoop);
      default -> false;
    };
  }

  /**
   * The pooling, as far as it is known without fetching anything; AUTO where the coordinates of an
   * artifact stand for it.
   */
  public Pooling pooling() {
    if (settings.pooling() != Pooling.AUTO) {
      return settings.pooling();
    }
    return fetched
        .map(model -> model.known().map(NamedEncoder::pooling).orElse(Pooling.AUTO))
        .orElseGet(() -> ModelKind.pooling(place(settings.model()), hadoop));
  }

  /**
   * The folder of the model with its scheme; one that has a name is fetched first if it is not
   * here.
   *
   * @throws LsgException exit 4 if it cannot be fetched, exit 3 if what is named is neither a model
   *     nor a folder
   */
  public String folder() {
    String model = settings.model();
    if (fetched.isEmpty() && !model.contains("/") && !new HadoopFiles(hadoop).exists(model)) {
      throw LsgException.input(NamedEncoder.unknown(model));
    }
    return place(
        fetched.map(named -> ModelCache.here().require(named).toUri().toString()).orElse(model));
  }

  private String place(String folder) {
    return new HadoopFiles(hadoop).fileSystem(folder).makeQualified(new Path(folder)).toString();
  }
}
