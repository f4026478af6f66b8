package io.github.lsgspark.jobs.init;

import com.typesafe.config.ConfigUtil;
import io.github.lsgspark.config.DataSettings.Modality;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A proposal as the text of a configuration: the keys that matter, each with a remark. */
final class ConfigurationText {
  private static final Pattern LATIN = Pattern.compile("[\\p{IsLatin}\\d]");
  private static final int FEW = 3;

  /** As reference.conf has them: prompts.train and graph.edge-ratio. */
  private static final int PROMPTS = 20;

  private static final double USUAL_RATIO = 0.003;
  private static final double PAIRS = 4;

  private final StringBuilder text = new StringBuilder();
  private final Proposal proposal;

  private ConfigurationText(Proposal proposal) {
    this.proposal = proposal;
  }

  static String of(Proposal proposal) {
    ConfigurationText lines = new ConfigurationText(proposal);
    lines.head();
    lines.data();
    lines.names();
    lines.graph();
    lines.samples();
    lines.network();
    lines.given();
    return lines.text.toString();
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String quoted(String value) {
    return ConfigUtil.quoteString(value);
  }

  /** In a remark, which ends with its line. */
  private static String plain(String value) {
    return value.replaceAll("\\p{Cntrl}", " ");
  }

  private void head() {
    line(
        "# Written by lsg init, by what it found: %s of %,d %s in %,d classes.",
        proposal.survey().kind(),
        proposal.survey().splits().values().stream().mapToLong(Long::longValue).sum(),
        proposal.samples(),
        proposal.survey().classes().size());
    line("#");
    line("#   submit/lsg run --config %s", plain(proposal.file().getFileName().toString()));
    line("#");
    line("# These are the keys that matter first; reference.conf has all, -D key=value sets one.");
    line("");
    line("seed = 1");
    line("");
  }

  private void data() {
    TestPart test = proposal.testPart();
    line("data {");
    if (proposal.modality() != Modality.IMAGE) {
      line("  modality = %s", proposal.modality().name().toLowerCase(Locale.ROOT));
    }
    line("  train = %s", quoted(train()));
    line("  # The test part: %s.", test.sentence());
    if (!test.key().isEmpty()) {
      line("  %s = %s", test.key(), test.value());
    }
    line(
        "  # How many training samples keep their label: \"100%%\", \"15%%\" of each class, or 4 of");
    line("  # each class. The others take part without it.");
    line("  label-budget = \"100%%\"");
    line("}");
    line("");
    if (proposal.maxBadShare() > 0) {
      line("# More samples than usual cannot be opened; they are set aside and counted.");
      line("prepare.max-bad-fraction = %.2f", proposal.maxBadShare());
      line("");
    }
  }

  /** From the configuration's folder on, if the samples lie there, so that both can be moved. */
  private String train() {
    if (proposal.source().contains(":")) {
      return proposal.source();
    }
    Path source = Path.of(proposal.source()).toAbsolutePath().normalize();
    Path folder = proposal.file().toAbsolutePath().normalize().getParent();
    return source.startsWith(folder) && !source.equals(folder)
        ? folder.relativize(source).toString()
        : source.toString();
  }

  private void names() {
    if (proposal.namesFile().isEmpty()) {
      line(
          "# Classes are called as they are found. A file of other names: labels.names = \"FILE\"");
    } else {
      line("# What the classes are called.");
      line("labels.names = %s", quoted(proposal.namesFile()));
    }
    line("");
    encoder();
    line("");
  }

  /** The default encoder is English, and has one vector for all letters that it does not know. */
  private void encoder() {
    List<String> foreign =
        proposal.survey().classes().keySet().stream()
            .filter(name -> !LATIN.matcher(name).find())
            .limit(FEW)
            .map(ConfigurationText::plain)
            .toList();
    if (foreign.isEmpty() || !proposal.namesFile().isEmpty()) {
      line(
          "# Names become vectors by all-MiniLM-L6-v2, fetched once, 83 MB (docs/models.md). Without a");
      line("# network: embedding.encoder = lexical, which counts letters and knows no meaning.");
      return;
    }
    line("# Some names have no Latin letter (%s), and the", String.join(", ", foreign));
    line(
        "# default encoder is English. lexical counts letters and knows no meaning; the folder of a");
    line("# multilingual model knows it: embedding.model (docs/models.md).");
    line("embedding.encoder = lexical");
  }

  /** With few classes the usual share of all pairs is less than one for each node. */
  private void graph() {
    double nodes = PROMPTS * (double) proposal.survey().classes().size();
    if (PAIRS / nodes > USUAL_RATIO) {
      line(
          "# Read where lsg.enabled = true: the share of all pairs of prompted names that the graph");
      line("# joins, %.0f of each name's.", PAIRS);
      line("graph.edge-ratio = %.4f", PAIRS / nodes);
      line("");
    }
  }

  private void samples() {
    if (proposal.modality() == Modality.AUDIO) {
      double seconds =
          proposal.survey().probe().seconds().stream()
              .sorted()
              .skip(proposal.survey().probe().seconds().size() / 2)
              .findFirst()
              .orElse(5.0);
      line("# What the network sees of a sound: a window of its log-mel spectrogram.");
      line("audio.seconds = %.1f", Math.max(1, Math.min(10, seconds)));
      line("# Networks that were trained on sounds do better: cnn14 with PANNs' weights, ast-base");
      line("# (docs/audio.md).");
      line("");
    }
    if (proposal.network().clips().isPresent()) {
      line(
          "# What the network sees of a video: frames of evenly spaced parts together, as many as");
      line("# its directory says.");
      line("video { sampling = uniform, clips = 1 }");
      line("");
    } else if (proposal.modality() == Modality.VIDEO) {
      line("# What the network sees of a video: frames of evenly spaced parts, one by one.");
      line("video { frames = 8, sampling = uniform, clips = 1 }");
      line("# Networks that were trained on videos do better: r3d-18, r2plus1d-18 with Kinetics'");
      line("# weights (docs/video.md).");
      line("");
    }
  }

  private void network() {
    NetworkChoice network = proposal.network();
    line("# The closed form first: a ridge on what a pretrained network gives anyway, in seconds");
    line("# (docs/features.md).");
    line("head { enabled = true, kind = ridge }");
    line("lsg.enabled = false");
    line("");
    line("train {");
    line(
        "  # true: the network is trained as well, from the head or not, and what does better on the");
    line("  # labels is kept. lsg.enabled = true guides it by the names of the classes.");
    if (proposal.testPart().leavesOut()) {
      line(
          "  # A training wants samples to be judged on: data { test-split = test, test-fraction ="
              + " 0.2 }.");
    }
    line("  enabled = false");
    line("  backbone = %s", network.backbone());
    line("  weights = %s", quoted(network.weights()));
    line("  image-size = %s", network.imageSize());
    line("  # As on CIFAR-100 in conf/cifar100.conf; read where enabled = true.");
    line("  global-batch = 24");
    line("  iterations = 400");
    line("  learning-rate = 0.003");
    line("  schedule { kind = cosine, warmup-steps = 20 }");
    line("  gradient-clip = 60");
    line("}");
  }

  private void given() {
    if (!proposal.given().isEmpty()) {
      line("");
      line("# As it was said to lsg init.");
      for (Map.Entry<String, String> setting : proposal.given().entrySet()) {
        String value = setting.getValue().strip();
        boolean structured = value.startsWith("[") || value.startsWith("{");
        line("%s = %s", setting.getKey(), structured ? value : quoted(value));
      }
    }
  }
}
