package io.github.lsgspark.dataset.modality;

import java.nio.charset.StandardCharsets;

/**
 * The bytes by which files of a format are told.
 *
 * @param name of the format, without its article
 * @param at where the bytes stand, from where the content begins
 * @param bytes each as a character
 */
record Magic(String name, int at, String bytes) {

  /**
   * Whether a file has the bytes.
   *
   * @param start where its content begins
   */
  boolean matches(byte[] content, int start) {
    byte[] wanted = bytes.getBytes(StandardCharsets.ISO_8859_1);
    int from = start + at;
    if (from + wanted.length > content.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (content[from + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
