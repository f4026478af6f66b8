package io.github.lsgspark.text;

import java.io.Serializable;

/**
 * A template filled with a label.
 *
 * @param promptId place of the template in the list; those below {@link PromptTemplates#train()}
 *     make graph nodes for training
 * @param text the whole prompt
 * @param labelStart first UTF-16 index of the label in {@code text}
 * @param labelEnd index after its last
 * @param heldout whether the template is held out
 */
public record Prompt(
    int labelId, int promptId, String text, int labelStart, int labelEnd, boolean heldout)
    implements Serializable {

  /** The value of the column {@code split} for training prompts. */
  public static final String TRAIN = "train";

  /** The value of the column {@code split} for held-out prompts. */
  public static final String HELDOUT = "heldout";

  /** The label as it stands in the prompt. */
  public String labelText() {
    return text.substring(labelStart, labelEnd);
  }

  /** {@link #TRAIN} or {@link #HELDOUT}. */
  public String split() {
    return heldout ? HELDOUT : TRAIN;
  }
}
