package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SourceCheck;
import java.util.HashSet;
import java.util.Set;

/** Whether sources are named, and tables and archives among them can be used. */
final class SourcesCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    Set<String> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      DataSettings data = planned.settings().data();
      if (planned.reads().contains(Part.PREPARE)) {
        if (data.train().isEmpty()) {
          findings.add(LsgException.USAGE, "data.train must say where the training samples are");
        }
        if (data.isGeneric()) {
          look(plan, findings, done, data, "data.train", data.train());
          look(plan, findings, done, data, "data.test", data.test());
          if (!data.train().isEmpty()
              && findings.isSound(data.train())
              && findings.isSound(data.test())
              && done.add(data.toString())) {
            findings.look(data.train(), () -> SourceCheck.requireFolders(data, plan.hadoop()));
          }
        }
      }
      if (planned.reads().contains(Part.PREDICT)) {
        String input = planned.settings().predict().input();
        look(plan, findings, done, data, "predict.input", input);
      }
    }
  }

  private static void look(
      Plan plan,
      Findings findings,
      Set<String> done,
      DataSettings data,
      String key,
      String source) {
    if (!source.isEmpty() && findings.isSound(source) && done.add(source)) {
      findings.look(source, () -> SourceCheck.require(data, key, source, plan.hadoop()));
    }
  }
}
