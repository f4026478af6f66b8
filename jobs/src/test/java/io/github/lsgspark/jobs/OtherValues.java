package io.github.lsgspark.jobs;

import io.github.lsgspark.config.InputPath;
import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.config.Range;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.SettingNames;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/** Values to change a setting to. */
final class OtherValues {
  private OtherValues() {}

  /**
   * Other values of a key, as configurations write them; some may be refused.
   *
   * @param folder that holds the files one.txt and two.txt and the folders one and two
   */
  static List<Object> of(Path folder, Setting setting, Object now) {
    Class<?> type = setting.component().getType();
    if (setting.component().isAnnotationPresent(InputPath.class)) {
      return List.of(
          folder.resolve("two.txt").toString(),
          folder.resolve("two").toString(),
          folder.resolve("one").toString());
    }
    if (type == boolean.class) {
      return List.of(!(Boolean) now);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> constant != now)
          .map(constant -> (Object) Setting.text(constant))
          .toList();
    }
    if (type == LabelBudget.class) {
      return List.of("4", "10%");
    }
    if (type == String.class) {
      for (SettingNames registered : ServiceLoader.load(SettingNames.class)) {
        if (registered.path().equals(setting.path())) {
          return registered.names().stream()
              .filter(name -> !name.equals(now))
              .map(name -> (Object) name)
              .toList();
        }
      }
      return List.of("other", "(.)", "(..)", "0.5", "0.7", "3", "7");
    }
    if (type == List.class) {
      return lists(setting.component().getGenericType());
    }
    return numbers(((Number) now).doubleValue(), setting.component().getAnnotation(Range.class))
        .stream()
        .map(
            number -> type == double.class ? (Object) number : (Object) Math.round((Double) number))
        .filter(number -> ((Number) number).doubleValue() != ((Number) now).doubleValue())
        .distinct()
        .toList();
  }

  private static List<Object> lists(Type type) {
    Class<?> element = (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0];
    if (element.isEnum()) {
      return Arrays.stream(element.getEnumConstants())
          .map(constant -> (Object) List.of(Setting.text(constant)))
          .toList();
    }
    return element == String.class ? List.of(List.of("a", "b")) : List.of(List.of(7), List.of(8));
  }

  private static List<Double> numbers(double now, Range range) {
    List<Double> numbers = new ArrayList<>(List.of(now + 1, now - 1, now * 2, now / 2, now + 0.1));
    numbers.addAll(List.of(now - 0.01, now + 16, now - 16, 1.0, 0.0));
    if (range != null) {
      numbers.removeIf(number -> number < range.min() || number > range.max());
    }
    return numbers;
  }
}
