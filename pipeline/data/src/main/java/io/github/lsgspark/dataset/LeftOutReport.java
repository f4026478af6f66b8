package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which files of a source are no samples, and refuses to lose most of them. */
final class LeftOutReport {
  private static final Logger LOG = LoggerFactory.getLogger(LeftOutReport.class);
  private static final int EXAMPLES = 5;

  private LeftOutReport() {}

  /** How many there are of each reason. */
  static Map<String, Long> counts(List<LeftOut> leftOut) {
    return leftOut.stream()
        .collect(
            Collectors.groupingBy(
                left -> left.reason().name(), TreeMap::new, Collectors.counting()));
  }

  /** The end of a sentence that says why samples are missing; empty if nothing was left out. */
  static String reasons(List<LeftOut> leftOut) {
    return leftOut.isEmpty()
        ? ""
        : "; left out were " + counts(leftOut) + ", such as " + examples(leftOut);
  }

  private static String examples(List<LeftOut> leftOut) {
    List<LeftOut> samples = leftOut.stream().filter(LeftOut::sample).toList();
    List<LeftOut> shown = samples.isEmpty() ? leftOut : samples;
    return shown.stream()
            .limit(EXAMPLES)
            .map(left -> left.id() + " (" + left.reason() + ": " + left.detail() + ")")
            .collect(Collectors.joining("; "))
        + (shown.size() > EXAMPLES ? "; ..." : "");
  }

  /**
   * Writes the log's summary.
   *
   * @param source for messages
   * @throws LsgException exit 3 if more files that look like samples were left out than taken
   */
  static void tell(String stage, String source, Listed listed) {
    if (listed.leftOut().isEmpty()) {
      return;
    }
    String summary =
        listed.missed()
            + " files that look like samples are left out for their place or name, "
            + listed.entries().size()
            + " are taken"
            + reasons(listed.leftOut());
    if (listed.missed() > listed.entries().size()) {
      throw LsgException.input(source + ": " + summary);
    }
    if (listed.missed() > 0) {
      LOG.warn("{}: {}", stage, summary);
    } else {
      LOG.info(
          "{}: {} other files beside the samples: {}",
          stage,
          listed.leftOut().size(),
          counts(listed.leftOut()));
    }
  }
}
