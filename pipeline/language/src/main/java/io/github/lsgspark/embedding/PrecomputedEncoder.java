package io.github.lsgspark.embedding;

import io.github.lsgspark.config.EmbeddingSettings.PrecomputedSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.TextLines;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors from a .npy or safetensors file: [C,P,D] has one per class and prompt, the first {@code
 * prompts.train} of which are for training and the next {@code prompts.heldout} held out; [C,D] has
 * one per class, and the variety that prompts give a language model's vectors is drawn: with unit
 * class vector u_c, the vector of class c and prompt p is unit(u_c + s_p + n_cp), where s_p is a
 * random direction of length {@code shared-noise}, the same for all classes, and n_cp one of length
 * {@code own-noise}.
 */
final class PrecomputedEncoder implements LabelEncoder {
  private static final Logger LOG = LoggerFactory.getLogger(PrecomputedEncoder.class);

  private final Vectors vectors;
  private final PrecomputedSettings settings;
  private final long seed;

  private PrecomputedEncoder(Vectors vectors, PrecomputedSettings settings, long seed) {
    this.vectors = vectors;
    this.settings = settings;
    this.seed = seed;
  }

  /**
   * @param data rows of all classes, in label order: [C, prompts, dimension]
   * @param prompts vectors per class; 0 if the file has one per class and prompts share it
   */
  private record Vectors(double[] data, int prompts, int dimension)
      implements java.io.Serializable {
    double[] of(int labelId, int promptId) {
      int row = prompts == 0 ? labelId : labelId * prompts + promptId;
      return Arrays.copyOfRange(data, row * dimension, (row + 1) * dimension);
    }
  }

  /**
   * Reads the file and checks it against the labels and the prompts.
   *
   * @throws LsgException exit 2 if no path is set; exit 3 that names file and row for a file that
   *     does not fit
   */
  static PrecomputedEncoder load(
      PrecomputedSettings settings,
      PromptSettings prompts,
      LabelSet labels,
      long seed,
      Configuration hadoop) {
    String file = settings.path();
    if (file.isEmpty()) {
      throw LsgException.usage(
          "embedding.precomputed.path must be set for embedding.encoder = precomputed");
    }
    HostArray array = array(settings, hadoop);
    SoundWeights.requireFloat("of vectors", array.dtype(), file);
    long[] shape = array.shape();
    if (shape.length != 2 && shape.length != 3) {
      throw LsgException.input(
          file + ": shape must be [C,D] or [C,P,D], but was: " + Arrays.toString(shape));
    }
    int rows = Math.toIntExact(shape[0]);
    int perClass = shape.length == 3 ? Math.toIntExact(shape[1]) : 0;
    int wanted = prompts.train() + prompts.heldout();
    if (perClass > 0 && perClass < wanted) {
      throw LsgException.input(
          String.format(
              "%s: holds %d prompts per class, but prompts.train + prompts.heldout = %d + %d",
              file, perClass, prompts.train(), prompts.heldout()));
    }
    int[] rowByLabel = rowByLabel(settings, labels, rows, hadoop);
    Vectors vectors = inLabelOrder(array, rowByLabel, perClass, labels, file);
    return new PrecomputedEncoder(vectors, settings, seed);
  }

  private static HostArray array(PrecomputedSettings settings, Configuration hadoop) {
    String file = settings.path();
    byte[] content = new HadoopFiles(hadoop).read(file);
    if (file.endsWith(".npy")) {
      return NpyFile.read(content, file);
    }
    if (!file.endsWith(".safetensors")) {
      throw LsgException.usage(
          "embedding.precomputed.path must end in .npy or .safetensors, but was: " + file);
    }
    Map<String, HostArray> arrays = Safetensors.read(content, file);
    if (settings.tensor().isEmpty() && arrays.size() == 1) {
      return arrays.values().iterator().next();
    }
    if (arrays.isEmpty()) {
      throw LsgException.input(file + ": holds no tensor at all");
    }
    HostArray array = arrays.get(settings.tensor());
    if (array == null) {
      throw LsgException.input(
          String.format(
              "%s: holds no tensor \"%s\" (embedding.precomputed.tensor), but: %s",
              file, settings.tensor(), arrays.keySet()));
    }
    return array;
  }

  private static int[] rowByLabel(
      PrecomputedSettings settings, LabelSet labels, int rows, Configuration hadoop) {
    if (settings.labels().isEmpty()) {
      if (rows != labels.size()) {
        throw LsgException.input(
            String.format(
                "%s: holds %d rows, but there are %d labels; embedding.precomputed.labels can name"
                    + " the rows",
                settings.path(), rows, labels.size()));
      }
      return IntStream.range(0, rows).toArray();
    }
    List<String> names = TextLines.read(settings.labels(), hadoop);
    if (names.size() > rows && RowNames.numberedInOrder(names)) {
      LOG.warn(
          "{} numbers {} rows, {} holds {}: the names from {} on are ignored",
          settings.labels(),
          names.size(),
          settings.path(),
          rows,
          names.get(rows));
      names = names.subList(0, rows);
    }
    if (names.size() != rows) {
      throw LsgException.input(
          String.format(
              "%s: names %d rows, but %s holds %d",
              settings.labels(), names.size(), settings.path(), rows));
    }
    return RowNames.match(labels, names, settings.labels());
  }

  private static Vectors inLabelOrder(
      HostArray array, int[] rowByLabel, int perClass, LabelSet labels, String file) {
    double[] source = array.doubles();
    int dimension = Math.toIntExact(array.shape()[array.shape().length - 1]);
    int block = Math.max(1, perClass) * dimension;
    double[] ordered = new double[Math.multiplyExact(rowByLabel.length, block)];
    for (Label label : labels.labels()) {
      int row = rowByLabel[label.id()];
      System.arraycopy(source, row * block, ordered, label.id() * block, block);
      for (int p = 0; p < Math.max(1, perClass); p++) {
        int from = row * block + p * dimension;
        double length = UnitVectors.length(Arrays.copyOfRange(source, from, from + dimension));
        if (!(length > 0) || Double.isInfinite(length)) {
          throw LsgException.input(
              String.format(
                  "%s: row %d (%s)%s has length %s, so no direction",
                  file, row, label.name(), perClass > 0 ? ", prompt " + p : "", length));
        }
      }
    }
    return new Vectors(ordered, perClass, dimension);
  }

  @Override
  public Dataset<Row> encode(Dataset<Row> prompts) {
    Broadcast<Vectors> shared =
        JavaSparkContext.fromSparkContext(prompts.sparkSession().sparkContext()).broadcast(vectors);
    long seed = this.seed;
    double sharedNoise = settings.sharedNoise();
    double ownNoise = settings.ownNoise();
    return prompts.map(
        (MapFunction<Row, Row>)
            prompt -> {
              int labelId = prompt.getInt(PromptTable.LABEL_ID);
              int promptId = prompt.getInt(PromptTable.PROMPT_ID);
              double[] vector = shared.value().of(labelId, promptId);
              if (shared.value().prompts() == 0) {
                UnitVectors.scaledTo(vector, 1);
                String label = prompt.getString(PromptTable.LABEL);
                add(vector, sharedNoise, Seeds.derive(seed, "shared-noise", promptId));
                add(vector, ownNoise, Seeds.derive(seed, "own-noise", label, promptId));
              }
              return EmbeddedPrompt.row(prompt, vector);
            },
        Encoders.row(EmbeddingTable.SCHEMA));
  }

  /** Adds a random direction of a given length. */
  private static void add(double[] vector, double length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] noise = new double[vector.length];
    Arrays.setAll(noise, d -> random.nextGaussian());
    UnitVectors.scaledTo(noise, length);
    for (int d = 0; d < vector.length; d++) {
      vector[d] += noise[d];
    }
  }

  /** This encoder by its name. */
  public static final class Kind implements LabelEncoderKind {
    @Override
    public String label() {
      return LabelEncoders.PRECOMPUTED;
    }

    @Override
    public String help() {
      return "vectors from a .npy or safetensors file";
    }

    /** Vectors of more bytes are looked at when they are needed. */
    private static final long READ_BYTES = 256L << 20;

    @Override
    public void require(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {
      String path = settings.embedding().precomputed().path();
      if (path.isEmpty()) {
        throw LsgException.usage(
            "embedding.precomputed.path must be set for embedding.encoder = precomputed");
      }
      if (labels.isPresent() && new HadoopFiles(hadoop).length(path) <= READ_BYTES) {
        load(settings, labels.get(), hadoop);
      }
    }

    @Override
    public LabelEncoder open(Context context) {
      return load(
          context.settings(),
          context.labels(),
          context.spark().sparkContext().hadoopConfiguration());
    }

    private static LabelEncoder load(Settings settings, LabelSet labels, Configuration hadoop) {
      return PrecomputedEncoder.load(
          settings.embedding().precomputed(), settings.prompts(), labels, settings.seed(), hadoop);
    }
  }
}
