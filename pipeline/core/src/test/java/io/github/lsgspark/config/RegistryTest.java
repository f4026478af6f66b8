package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  @TempDir Path folder;

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  /** What is registered. */
  public interface Named {

    /** Its name. */
    String name();
  }

  /** One. */
  public static final class One implements Named {
    @Override
    public String name() {
      return "one";
    }
  }

  /** Two. */
  public static final class Two implements Named {
    @Override
    public String name() {
      return "two";
    }
  }

  /** Has the name of another. */
  public static final class OneAgain implements Named {
    @Override
    public String name() {
      return "one";
    }
  }

  /** Cannot be made. */
  public static final class Broken implements Named {

    /** Fails. */
    public Broken() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public String name() {
      return "broken";
    }
  }

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private Registry<Named> registered(Class<?>... classes) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    StringBuilder lines = new StringBuilder();
    for (Class<?> one : classes) {
      lines.append(one.getName()).append('\n');
    }
    Files.writeString(services.resolve(Named.class.getName()), lines);
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {folder.toUri().toURL()}, before));
    return Registry.of(Named.class, "my.key", List::of, Named::name);
  }

  @Test
  void whatTheThreadsLoaderSeesIsFoundByItsName() throws Exception {
    Registry<Named> registry = registered(Two.class, One.class);
    assertThat(registry.names()).containsExactly("two", "one");
    assertThat(registry.get("one")).isInstanceOf(One.class);
    refused(() -> registry.get("three"), 2, "my.key must be one of two, one, but was: three");
  }

  @Test
  void twoOfOneNameAreRefusedWithBothClasses() {
    refused(() -> registered(One.class, OneAgain.class), 2, "RegistryTest$One and ");
  }

  @Test
  void whatCannotBeMadeIsNamed() {
    refused(() -> registered(Broken.class), 4, "no licence");
    refused(() -> registered(RegistryTest.class), 4, "RegistryTest");
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
