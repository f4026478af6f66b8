package io.github.lsgspark.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.ModelFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What whoever gets a model has to know of it: README.md of its folder. */
final class ModelCard {
  static final String NAME = "README.md";

  private static final int CLASSES = 20;
  private static final int CONFUSIONS = 5;

  private ModelCard() {}

  static String of(
      HadoopFiles files,
      Settings settings,
      ModelExport.Sources sources,
      String licence,
      ModelExport.Exported exported) {
    LabelSet labels = SampleTable.labels(files, sources.modelDir());
    ModelFacts facts = ModelFacts.of(files, sources.modelDir());
    JsonNode prepared = metrics(files, sources.prepareDir());
    JsonNode whole = metrics(files, sources.evaluateDir());
    List<String> lines = new ArrayList<>();
    lines.add("---");
    lines.add("license: \"" + licence + "\"");
    lines.add("library_name: onnx");
    lines.add("pipeline_tag: " + task(settings.data().modality()));
    lines.add("---");
    lines.add("");
    lines.add("# " + labels.size() + " classes, " + facts.network());
    lines.add("");
    lines.add(
        "Made by LSG on Spark (Language Semantic Graph Guided Data-Efficient Learning, NeurIPS"
            + " 2023).");
    lines.add("");
    lines.add("## Data");
    lines.add("");
    lines.add("* Label budget: " + prepared.path("label_budget").asText("not known"));
    lines.add("* Samples: " + counts(prepared.path("splits")));
    lines.add("* Set aside: " + counts(prepared.path("rejected")));
    lines.add("* Classes (labels.json has all, by number): " + classes(labels));
    lines.add("");
    lines.addAll(measured(whole));
    lines.addAll(files(facts, labels, exported));
    lines.addAll(prepared(facts, settings));
    lines.add("## Licence");
    lines.add("");
    lines.add(
        "`"
            + licence
            + "`, as whoever exported it says. That of the weights it started from, and of"
            + " the data, bind it, too.");
    return String.join("\n", lines) + "\n";
  }

  private static List<String> measured(JsonNode whole) {
    JsonNode evaluated = whole.path(Classifier.HEAD.key());
    List<String> lines = new ArrayList<>(List.of("## Measured", ""));
    lines.add(
        whole.path("judged_by").asText().equals(PredictionTable.LEFT_OUT)
            ? "By leave-one-out: each labelled sample by a head that was fitted to all others."
            : "On the test samples, by the linear classifier.");
    lines.add("");
    lines.add("* Accuracy: " + share(evaluated, "accuracy") + samples(evaluated));
    lines.add("* Mean over classes: " + share(evaluated, "balanced_accuracy"));
    lines.add("* Among the first five: " + share(evaluated, "top5"));
    lines.add("* Calibration error (ECE): " + share(evaluated, "ece"));
    if (whole.path("classifier").asText().equals(Classifier.HEAD.key())) {
      lines.addAll(confusions(whole));
    }
    lines.add("");
    return lines;
  }

  private static List<String> files(
      ModelFacts facts, LabelSet labels, ModelExport.Exported exported) {
    return List.of(
        "## Files",
        "",
        String.format(
            Locale.ROOT,
            "* `model.onnx`: `views` [n, %s] to `logits` [n, %d] of the linear classifier and its"
                + " `features`. On %d samples of these data its logits are within %.1e of the"
                + " model's own.",
            facts.shape(),
            labels.size(),
            exported.samples(),
            exported.difference()),
        "* `model.json`: what the network is, and all that is known of how samples are seen.",
        "* `model.safetensors`: the weights under their public names.",
        "* `SHA256SUMS`: `sha256sum -c SHA256SUMS` verifies the files.",
        "");
  }

  private static List<String> prepared(ModelFacts facts, Settings settings) {
    List<String> lines =
        new ArrayList<>(List.of("## How samples are prepared", "", facts.seen() + "."));
    int cropped = settings.prepare().cropBottom();
    if (cropped > 0) {
      lines.add("The lowest " + cropped + " rows of every picture are cut off first.");
    }
    if (settings.data().modality() != Modality.AUDIO) {
      lines.add(
          "`model.onnx` takes red, green and blue from 0 to 1, and scales them as its weights were"
              + " trained.");
    }
    lines.add("");
    return lines;
  }

  private static JsonNode metrics(HadoopFiles files, String folder) {
    return Json.read(files, HadoopFiles.path(folder, Evaluation.METRICS));
  }

  private static String task(Modality modality) {
    return switch (modality) {
      case IMAGE -> "image-classification";
      case AUDIO -> "audio-classification";
      case VIDEO -> "video-classification";
    };
  }

  private static String counts(JsonNode counts) {
    List<String> each = new ArrayList<>();
    counts.properties().forEach(one -> each.add(one.getValue().asLong() + " " + one.getKey()));
    return each.isEmpty() ? "none" : String.join(", ", each);
  }

  private static String classes(LabelSet labels) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < Math.min(CLASSES, labels.size()); c++) {
      names.add(labels.label(c).name());
    }
    return String.join(", ", names) + (labels.size() > CLASSES ? ", ..." : "");
  }

  private static String share(JsonNode metrics, String name) {
    JsonNode value = metrics.path(name);
    return value.isNumber()
        ? String.format(Locale.ROOT, "%.1f %%", 100 * value.asDouble())
        : "not measured";
  }

  private static String samples(JsonNode metrics) {
    return metrics.path("samples").isNumber()
        ? " of " + metrics.path("samples").asLong() + " samples"
        : "";
  }

  private static List<String> confusions(JsonNode metrics) {
    List<String> lines = new ArrayList<>();
    for (JsonNode pair : metrics.path("confusions")) {
      if (lines.size() < CONFUSIONS) {
        lines.add(
            String.format(
                Locale.ROOT,
                "* %s taken for %s: %d times",
                pair.path("label").asText(),
                pair.path("predicted").asText(),
                pair.path("count").asLong()));
      }
    }
    return lines;
  }
}
