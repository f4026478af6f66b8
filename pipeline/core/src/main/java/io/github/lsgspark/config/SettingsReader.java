package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns checked HOCON into records: component {@code globalBatch} reads key global-batch. */
final class SettingsReader {
  private final Config config;

  SettingsReader(Config config) {
    this.config = config;
  }

  <T> T read(Class<T> type) {
    return read(type, "");
  }

  /**
   * @param prefix of the keys: empty, or a section's path and a dot
   */
  <T> T read(Class<T> type, String prefix) {
    return type.cast(record(type, prefix));
  }

  private Object record(Class<?> type, String prefix) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      String path = prefix + key(component.getName());
      values[i] =
          isSection(component.getType())
              ? record(component.getType(), path + ".")
              : value(path, component.getGenericType(), component.getAnnotation(Range.class));
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      // The record may be one that only its own package sees.
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw LsgException.usage(prefix.replaceFirst("\\.$", ": ") + e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be built", e);
    }
  }

  private Object value(String path, Type type, Range range) {
    if (!config.hasPathOrNull(path)) {
      throw new IllegalStateException("reference.conf lacks " + path);
    }
    if (config.getIsNull(path)) {
      throw LsgException.usage(path + ": must have a value");
    }
    ConfigValue value = config.getValue(path);
    if (type == LabelBudget.class) {
      try {
        return LabelBudget.parse(text(path, value));
      } catch (IllegalArgumentException e) {
        throw wrong(path, value, e.getMessage());
      }
    }
    if (type instanceof ParameterizedType list) {
      return list(path, value, list.getActualTypeArguments()[0], range);
    }
    return scalar(path, value, (Class<?>) type, range);
  }

  private static List<Object> list(String path, ConfigValue value, Type element, Range range) {
    if (value.valueType() != ConfigValueType.LIST) {
      throw wrong(path, value, "must be a list, but was: " + value.unwrapped());
    }
    List<Object> result = new ArrayList<>();
    for (ConfigValue item : (com.typesafe.config.ConfigList) value) {
      result.add(scalar(path, item, (Class<?>) element, range));
    }
    return List.copyOf(result);
  }

  private static Object scalar(String path, ConfigValue value, Class<?> type, Range range) {
    if (type == String.class) {
      return named(path, value);
    }
    if (type == boolean.class) {
      String text = text(path, value);
      if (!text.equals("true") && !text.equals("false")) {
        throw wrong(path, value, "must be true or false, but was: " + text);
      }
      return Boolean.valueOf(text);
    }
    if (type.isEnum()) {
      return enumValue(path, value, type);
    }
    double number = number(path, value);
    if (range != null && !(number >= range.min() && number <= range.max())) {
      throw wrong(path, value, "must be " + interval(range) + ", but was: " + plain(number));
    }
    if (type == double.class || type == Double.class) {
      return number;
    }
    if (number != Math.rint(number)) {
      throw wrong(path, value, "must be a whole number, but was: " + plain(number));
    }
    if (type == long.class) {
      return value.unwrapped() instanceof Number whole ? whole.longValue() : (long) number;
    }
    if (number > Integer.MAX_VALUE || number < Integer.MIN_VALUE) {
      throw wrong(path, value, "is too large: " + plain(number));
    }
    return (int) number;
  }

  private static Object enumValue(String path, ConfigValue value, Class<?> type) {
    String text = text(path, value);
    for (Object constant : type.getEnumConstants()) {
      if (enumName(constant).equals(text)) {
        return constant;
      }
    }
    throw wrong(
        path,
        value,
        "must be one of "
            + Arrays.stream(type.getEnumConstants())
                .map(SettingsReader::enumName)
                .collect(Collectors.joining(", "))
            + ", but was: "
            + text);
  }

  /** How a constant is written in a file: EARLY_STOPPING is early-stopping. */
  static String enumName(Object constant) {
    String name = ((Enum<?>) constant).name();
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A text, which must be a registered name where the setting has such. */
  private static String named(String path, ConfigValue value) {
    String text = text(path, value);
    for (SettingNames registered : RegisteredNames.all()) {
      if (registered.path().equals(path) && !registered.names().contains(text)) {
        throw wrong(
            path,
            value,
            "must be one of " + String.join(", ", registered.names()) + ", but was: " + text);
      }
    }
    return text;
  }

  private static String text(String path, ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
      default -> throw wrong(path, value, "must be a single value, but was: " + value.unwrapped());
    };
  }

  private static double number(String path, ConfigValue value) {
    if (value.unwrapped() instanceof Number number) {
      return number.doubleValue();
    }
    try {
      return Double.parseDouble(text(path, value));
    } catch (NumberFormatException e) {
      throw wrong(path, value, "must be a number, but was: " + value.unwrapped());
    }
  }

  private static String interval(Range range) {
    if (range.max() == Double.POSITIVE_INFINITY) {
      return "at least " + plain(range.min());
    }
    return "in [" + plain(range.min()) + ", " + plain(range.max()) + "]";
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static LsgException wrong(String path, ConfigValue value, String what) {
    return LsgException.usage(place(value.origin()) + path + " " + what);
  }

  /** "file:line: " of a value, as far as it is known. */
  static String place(ConfigOrigin origin) {
    String file = origin.filename() != null ? origin.filename() : origin.description();
    return origin.lineNumber() > 0
        ? file.replaceAll(": \\d+$", "") + ":" + origin.lineNumber() + ": "
        : file + ": ";
  }

  /** Whether a component of this type is a section of keys, not a key. */
  static boolean isSection(Class<?> type) {
    return type.isRecord() && type != LabelBudget.class;
  }

  /** The key of a record component: globalBatch is global-batch. */
  static String key(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
