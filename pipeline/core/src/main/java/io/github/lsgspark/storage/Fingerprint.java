package io.github.lsgspark.storage;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names what a stage's output depends on: equal inputs and settings give an equal fingerprint.
 *
 * @param hex 16 hexadecimal digits
 */
public record Fingerprint(@JsonValue String hex) {

  /** Starts the fingerprint of a stage's output; the order of {@link Builder#add} counts. */
  public static Builder builder(String stage) {
    return new Builder().add("stage", stage);
  }

  /** Fingerprint of one text. */
  public static Fingerprint ofText(String text) {
    return new Builder().add("text", text).build();
  }

  @Override
  public String toString() {
    return hex;
  }

  /** Collects what an output depends on. */
  public static final class Builder {
    private final StringBuilder content = new StringBuilder();

    private Builder() {}

    /** Adds a named value; records and lists count by their {@code toString}. */
    public Builder add(String name, Object value) {
      String text = String.valueOf(value);
      content.append(name).append('=').append(text.length()).append(':').append(text).append('\n');
      return this;
    }

    /** The fingerprint of all that was added. */
    public Fingerprint build() {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256")
                .digest(content.toString().getBytes(StandardCharsets.UTF_8));
        return new Fingerprint(HexFormat.of().formatHex(hash, 0, 8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JVM has SHA-256", e);
      }
    }
  }
}
