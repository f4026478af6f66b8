package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.PromptTemplates;
import io.github.lsgspark.wordnet.LabelMeanings;
import java.util.HashSet;
import java.util.Set;

/** Whether there are enough templates, well formed, with what they ask of the labels. */
final class PromptsCheck implements Check {
  private record Known(PromptSettings prompts, LabelSettings labels, Modality modality) {}

  @Override
  public void run(Plan plan, Findings findings) {
    Set<Known> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      Settings settings = planned.settings();
      PromptSettings prompts = settings.prompts();
      Known known = new Known(prompts, settings.labels(), settings.data().modality());
      if (planned.reads().contains(Part.EMBED)
          && findings.isSound(prompts.file())
          && done.add(known)) {
        findings.look("prompts of " + known, () -> look(settings, plan));
      }
    }
  }

  private static void look(Settings settings, Plan plan) {
    PromptTemplates templates = PromptTemplates.load(settings, plan.hadoop());
    boolean described = templates.templates().stream().anyMatch(t -> t.contains("{description}"));
    if (described) {
      plan.labels(settings)
          .map(labels -> LabelMeanings.of(settings.labels(), labels).labels())
          .ifPresent(templates::prompts);
    }
  }
}
