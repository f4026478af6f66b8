package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.PromptTemplates;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Whether there are enough templates, well formed, with what they ask of the labels. */
final class PromptsCheck implements Check {
  private record Known(PromptSettings prompts, String labels) {}

  @Override
  public void run(Plan plan, Findings findings) {
    Set<Known> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      PromptSettings prompts = planned.settings().prompts();
      Known known = new Known(prompts, planned.settings().labels().file());
      if (planned.reads().contains(Part.EMBED)
          && findings.isSound(prompts.file())
          && done.add(known)) {
        findings.look(
            "prompts of " + known, () -> look(prompts, plan.labels(planned.settings()), plan));
      }
    }
  }

  private static void look(PromptSettings prompts, Optional<LabelSet> labels, Plan plan) {
    PromptTemplates templates = PromptTemplates.load(prompts, plan.hadoop());
    boolean described = templates.templates().stream().anyMatch(t -> t.contains("{description}"));
    if (described) {
      labels.ifPresent(templates::prompts);
    }
  }
}
