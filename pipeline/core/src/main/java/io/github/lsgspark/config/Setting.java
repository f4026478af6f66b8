package io.github.lsgspark.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One key of a record of settings, or of a record in it.
 *
 * @param path as configurations write it, like {@code train.schedule.gamma}
 * @param components that lead to it from the outermost record
 */
public record Setting(String path, List<RecordComponent> components) {

  /**
   * All keys of a record, in its order.
   *
   * @param prefix of their paths: empty, or a section's path and a dot
   */
  public static List<Setting> of(Class<?> type, String prefix) {
    List<Setting> settings = new ArrayList<>();
    collect(type, prefix, List.of(), settings);
    return List.copyOf(settings);
  }

  private static void collect(
      Class<?> type, String prefix, List<RecordComponent> above, List<Setting> settings) {
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + SettingsReader.key(component.getName());
      List<RecordComponent> components = new ArrayList<>(above);
      components.add(component);
      if (SettingsReader.isSection(component.getType())) {
        collect(component.getType(), path + ".", components, settings);
      } else {
        settings.add(new Setting(path, List.copyOf(components)));
      }
    }
  }

  /** The component itself. */
  public RecordComponent component() {
    return components.get(components.size() - 1);
  }

  /** Whether a section, by its path, holds it; also where the path is its own. */
  public boolean isIn(String section) {
    return path.equals(section) || path.startsWith(section + ".");
  }

  /** Why no result depends on it, if it or a section above it is marked so. */
  public Optional<String> runtimeOnly() {
    return components.stream()
        .filter(component -> component.isAnnotationPresent(RuntimeOnly.class))
        .map(component -> component.getAnnotation(RuntimeOnly.class).value())
        .findFirst();
  }

  /** Its value in a record of settings. */
  public Object in(Object settings) {
    Object value = settings;
    for (RecordComponent component : components) {
      value = value(component, value);
    }
    return value;
  }

  private static Object value(RecordComponent component, Object holder) {
    try {
      Method accessor = component.getAccessor();
      // The record may be one that only this package sees.
      accessor.setAccessible(true);
      return accessor.invoke(holder);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /**
   * A value as text that is equal for equal values only: enums as configurations write them, lists
   * by their elements, each with its length before it.
   */
  public static String text(Object value) {
    if (value instanceof Enum<?> constant) {
      return SettingsReader.enumName(constant);
    }
    if (value instanceof Iterable<?> elements) {
      List<String> texts = new ArrayList<>();
      elements.forEach(element -> texts.add(text(element)));
      return texts.stream()
          .map(text -> text.length() + ":" + text)
          .collect(Collectors.joining(",", "[", "]"));
    }
    return String.valueOf(value);
  }
}
