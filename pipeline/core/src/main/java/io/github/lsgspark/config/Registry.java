package io.github.lsgspark.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What can be named in a configuration and is registered as a service: a line in {@code
 * META-INF/services} of a jar on the class path adds to it, and no other file changes.
 *
 * @param <E> what has a name
 */
public final class Registry<E> {
  /** What was found, by where it was looked for. */
  private static final Map<Place, Registry<?>> FOUND = new ConcurrentHashMap<>();

  private record Place(Class<?> service, ClassLoader loader) {}

  private final String setting;
  private final Map<String, E> byName;

  private Registry(String setting, Map<String, E> byName) {
    this.setting = setting;
    this.byName = byName;
  }

  /**
   * All of a kind that this thread can see; they are looked for once.
   *
   * @param service what is registered
   * @param setting path of the key that takes a name, for errors
   * @param entries what one registered class offers, one or several
   * @param name of an entry, as a configuration writes it
   * @throws LsgException exit 2 if two have one name; exit 4 if one that is registered cannot be
   *     made
   */
  @SuppressWarnings("unchecked") // a service has one kind of entries
  public static <S, E> Registry<E> of(
      Class<S> service,
      String setting,
      Function<S, Collection<E>> entries,
      Function<E, String> name) {
    Place place = new Place(service, loader(service));
    Registry<?> known = FOUND.get(place);
    if (known == null) {
      // What is found may look for others while it is made: nothing is locked meanwhile.
      known = find(service, place.loader(), setting, entries, name);
      FOUND.putIfAbsent(place, known);
    }
    return (Registry<E>) known;
  }

  private static <S, E> Registry<E> find(
      Class<S> service,
      ClassLoader loader,
      String setting,
      Function<S, Collection<E>> entries,
      Function<E, String> name) {
    Map<String, E> byName = new LinkedHashMap<>();
    Map<String, S> owners = new LinkedHashMap<>();
    try {
      for (S found : ServiceLoader.load(service, loader)) {
        for (E entry : entries.apply(found)) {
          String own = name.apply(entry);
          S other = owners.putIfAbsent(own, found);
          if (other != null) {
            throw LsgException.usage(
                "%s: two classes bring the name %s: %s and %s; one of their jars must go"
                    .formatted(
                        setting, own, other.getClass().getName(), found.getClass().getName()));
          }
          byName.put(own, entry);
        }
      }
    } catch (ServiceConfigurationError e) {
      throw LsgException.environment(
          setting + ": what a jar registers cannot be made: " + cause(e), e);
    }
    return new Registry<>(setting, byName);
  }

  /** Jars that Spark was given are the context loader's; the program's own may be all there is. */
  static ClassLoader loader(Class<?> service) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    try {
      return context != null && context.loadClass(service.getName()) == service
          ? context
          : service.getClassLoader();
    } catch (ClassNotFoundException e) {
      return service.getClassLoader();
    }
  }

  private static String cause(Throwable error) {
    return error.getCause() == null
        ? error.getMessage()
        : error.getMessage() + ": " + error.getCause();
  }

  /**
   * The entry of a name.
   *
   * @throws LsgException exit 2 for an unknown name; the message lists all
   */
  public E get(String name) {
    E entry = byName.get(name);
    if (entry == null) {
      throw LsgException.usage(
          "%s must be one of %s, but was: %s"
              .formatted(setting, String.join(", ", byName.keySet()), name));
    }
    return entry;
  }

  /** All names, in the order in which they were found. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** All entries, in the same order. */
  public List<E> entries() {
    return List.copyOf(byName.values());
  }
}
