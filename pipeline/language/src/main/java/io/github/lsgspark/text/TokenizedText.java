package io.github.lsgspark.text;

/**
 * A text as token ids, with the place of each token in it.
 *
 * @param ids vocabulary numbers, special tokens included
 * @param tokens how the vocabulary spells them
 * @param starts first UTF-16 index of each token in the text
 * @param ends index after its last
 * @param special whether the tokenizer itself added the token
 */
public record TokenizedText(
    long[] ids, String[] tokens, int[] starts, int[] ends, boolean[] special) {

  /** Number of tokens. */
  public int length() {
    return ids.length;
  }
}
