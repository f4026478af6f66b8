package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SourceCheck;
import io.github.lsgspark.text.ClassNames;
import io.github.lsgspark.text.LabelSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether the file of labels holds at least two, none twice, and those that others speak of, and
 * that of names is understood.
 */
final class LabelsCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    Set<String> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      Settings settings = planned.settings();
      String file = settings.labels().file();
      boolean read = planned.reads().contains(Part.PREPARE) || planned.reads().contains(Part.EMBED);
      if (read && !file.isEmpty() && findings.isSound(file) && done.add(file)) {
        findings.look(file, () -> plan.know(labels(file, plan), file));
      }
      String names = settings.labels().names();
      if (planned.reads().contains(Part.PREPARE)
          && !names.isEmpty()
          && findings.isSound(names)
          && done.add(names)) {
        findings.look(names, () -> ClassNames.load(names, plan.hadoop()));
      }
      String unseen = settings.data().unseenClasses().file();
      if (planned.reads().contains(Part.PREPARE) && findings.isSound(unseen)) {
        plan.labels(settings)
            .ifPresent(
                labels ->
                    findings.look(
                        unseen,
                        () -> SourceCheck.requireUnseen(settings.data(), labels, plan.hadoop())));
      }
    }
  }

  private static LabelSet labels(String file, Plan plan) {
    LabelSet labels = LabelSet.load(file, plan.hadoop());
    if (labels.size() < 2) {
      throw LsgException.input(
          "labels.file: " + file + " holds one class, " + labels + "; at least two are needed");
    }
    return labels;
  }
}
