package io.github.lsgspark.jobs.init;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.SampleProbe;
import io.github.lsgspark.dataset.SourceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A proposal for people at a terminal: what was found, what is odd about it, what is proposed. */
final class SummaryText {
  private static final int SHOWN = 6;

  private final StringBuilder text = new StringBuilder();
  private final Proposal proposal;
  private final SourceSurvey.Names names;

  private SummaryText(Proposal proposal, SourceSurvey.Names names) {
    this.proposal = proposal;
    this.names = names;
  }

  static String of(Proposal proposal, SourceSurvey.Names names) {
    SummaryText summary = new SummaryText(proposal, names);
    summary.found();
    summary.proposed();
    return summary.text.toString();
  }

  private void line(String word, String sentence) {
    text.append(String.format("  %-10s %s%n", word, sentence));
  }

  private void found() {
    SourceSurvey survey = proposal.survey();
    text.append(
        String.format(
            "%s: %s of %s%n%nfound%n", proposal.source(), survey.kind(), proposal.samples()));
    line("classes", "%,d: %s".formatted(names.classes().size(), some(names.classes())));
    line("samples", parts(survey.splits()));
    List<Long> sizes = proposal.trained().stream().filter(count -> count > 0).sorted().toList();
    long least = sizes.get(0);
    long most = sizes.get(sizes.size() - 1);
    line(
        "each class",
        least == most
            ? "%,d training samples".formatted(least)
            : "%,d to %,d training samples, %,d in the middle"
                .formatted(least, most, sizes.get(sizes.size() / 2)));
    line("sizes", sizes(survey.probe()));
    oddities().forEach(oddity -> line("odd", oddity));
  }

  private static String parts(Map<String, Long> splits) {
    return splits.entrySet().stream()
        .map(split -> "%,d %s".formatted(split.getValue(), split.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String some(List<String> values) {
    return String.join(", ", values.subList(0, Math.min(SHOWN, values.size())))
        + (values.size() > SHOWN ? ", ..." : "");
  }

  private String sizes(SampleProbe probe) {
    List<String> parts = new ArrayList<>();
    if (!probe.sides().isEmpty()) {
      parts.add(
          String.format(
              Locale.ROOT,
              "shorter side %d to %d pixels, %d in the middle",
              probe.sides().get(0),
              probe.sides().get(probe.sides().size() - 1),
              probe.side()));
    }
    if (!probe.seconds().isEmpty()) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%.1f to %.1f seconds",
              probe.seconds().get(0),
              probe.seconds().get(probe.seconds().size() - 1)));
    }
    return String.join(", ", parts) + " (%d opened)".formatted(probe.looked());
  }

  private List<String> oddities() {
    SourceSurvey survey = proposal.survey();
    List<String> oddities = new ArrayList<>(names.oddities());
    List<String> without =
        survey.classes().entrySet().stream()
            .filter(of -> !of.getValue().containsKey("train"))
            .map(Map.Entry::getKey)
            .toList();
    if (!without.isEmpty()) {
      oddities.add(
          "%,d classes have no training sample: %s".formatted(without.size(), some(without)));
    }
    List<String> single =
        survey.classes().entrySet().stream()
            .filter(of -> of.getValue().getOrDefault("train", 0L) == 1)
            .map(Map.Entry::getKey)
            .toList();
    if (!single.isEmpty()) {
      oddities.add(
          "%,d classes have one training sample: %s".formatted(single.size(), some(single)));
    }
    if (survey.missed() > 0) {
      oddities.add(
          "%,d files that look like samples are left out, such as %s"
              .formatted(survey.missed(), survey.missedExample()));
    }
    long others =
        survey.leftOut().values().stream().mapToLong(Long::longValue).sum() - survey.missed();
    if (others > 0) {
      oddities.add("%,d other files: %s".formatted(others, survey.leftOut()));
    }
    List<String> unreadable = survey.probe().unreadable();
    if (!unreadable.isEmpty()) {
      oddities.add(
          "%d of %d that were opened cannot be used, such as %s"
              .formatted(unreadable.size(), survey.probe().looked(), unreadable.get(0)));
    }
    return oddities;
  }

  private void proposed() {
    text.append("\nproposed\n");
    line("test part", proposal.testPart().sentence());
    line("labels", "all that are left for training (data.label-budget)");
    line("network", proposal.network().sentence());
    line("head", "a ridge on frozen features, in closed form; nothing is trained");
    line(
        "names",
        proposal.namesFile().isEmpty() ? "as they are found" : "by " + proposal.namesFile());
    if (proposal.modality() != Modality.IMAGE && proposal.network().clips().isEmpty()) {
      line(
          "better",
          proposal.modality() == Modality.AUDIO
              ? "a network that was trained on sounds (docs/audio.md)"
              : "a network that was trained on videos (docs/video.md)");
    }
  }
}
