package io.github.lsgspark.jobs;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.SettingsLoader;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which components of settings the code reads that a class leads to, by the class files. A call
 * leads to all methods that may answer it; of a class that is made, also to those by which Spark
 * and the JDK call it back.
 */
final class SettingReads {
  private static final String ROOT = "io.github.lsgspark";

  private final JavaClasses classes;

  /** Record class and component to the paths that they stand for. */
  private final Map<String, Set<String>> paths;

  private final Map<JavaCodeUnit, Step> steps = new HashMap<>();

  private SettingReads(JavaClasses classes, Map<String, Set<String>> paths) {
    this.classes = classes;
    this.paths = paths;
  }

  static SettingReads of(List<Setting> settings) {
    JavaClasses[] classes = new JavaClasses[1];
    ArchConfiguration.withThreadLocalScope(
        configuration -> {
          // What calls back; tensors' classes are the larger part, and do not.
          configuration.setClassResolver(SelectedClassResolverFromClasspath.class);
          configuration.setClassResolverArguments(
              "java.lang",
              "java.util",
              "java.io",
              "scala",
              "org.apache.spark",
              "org.apache.hadoop.fs");
          classes[0] =
              new ClassFileImporter()
                  .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                  .importPackages(ROOT);
        });
    return new SettingReads(
        classes[0],
        settings.stream()
            .collect(
                Collectors.groupingBy(
                    setting -> key(setting.component()),
                    Collectors.mapping(Setting::path, Collectors.toSet()))));
  }

  private static String key(RecordComponent component) {
    return component.getDeclaringRecord().getName() + "." + component.getName();
  }

  /** Paths of the settings that a class's methods may read, and what they call. */
  Set<String> from(String className) {
    Set<JavaCodeUnit> seen = new HashSet<>();
    Deque<JavaCodeUnit> open = new ArrayDeque<>(classes.get(className).getMethods());
    Set<String> read = new TreeSet<>();
    while (!open.isEmpty()) {
      JavaCodeUnit unit = open.pop();
      if (!seen.add(unit)) {
        continue;
      }
      Step step = steps.computeIfAbsent(unit, this::step);
      read.addAll(step.read());
      open.addAll(step.next());
    }
    return read;
  }

  /** What a method reads itself, and where it leads. */
  private record Step(Set<String> read, Set<JavaCodeUnit> next) {}

  private Step step(JavaCodeUnit unit) {
    Step step = new Step(new TreeSet<>(), new HashSet<>());
    for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
      String target = access.getTargetOwner().getName() + "." + access.getTarget().getName();
      boolean check = unit.isConstructor() && access.getTargetOwner().equals(unit.getOwner());
      if (paths.containsKey(target) && !check) {
        step.read().addAll(paths.get(target));
      }
      step.next().addAll(targets(access));
    }
    unit.getMethodReferencesFromSelf().forEach(call -> step.next().addAll(targets(call)));
    unit.getConstructorReferencesFromSelf().forEach(call -> step.next().addAll(targets(call)));
    return step;
  }

  private List<JavaCodeUnit> targets(JavaAccess<?> access) {
    List<JavaCodeUnit> targets = new ArrayList<>();
    if (!(access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target)
        || !access.getTargetOwner().getName().startsWith(ROOT)
        // It reads all keys of a file, and none of a stage's.
        || access.getTargetOwner().isEquivalentTo(SettingsLoader.class)) {
      return targets;
    }
    target.resolveMember().ifPresent(targets::add);
    JavaClass owner = access.getTargetOwner();
    if (target.getName().equals("<init>")) {
      targets.addAll(callbacks(owner));
      return targets;
    }
    for (JavaClass below : owner.getAllSubclasses()) {
      for (JavaMethod method : below.getMethods()) {
        if (method.getName().equals(target.getName())
            && method.getRawParameterTypes().size() == target.getRawParameterTypes().size()) {
          targets.add(method);
        }
      }
    }
    return targets;
  }

  /** Methods that override one of another library's. */
  private static List<JavaMethod> callbacks(JavaClass made) {
    Set<String> foreign = new HashSet<>();
    Set<JavaClass> above = new HashSet<>(made.getAllRawSuperclasses());
    above.addAll(made.getAllRawInterfaces());
    above.stream()
        .filter(
            type -> !type.getName().startsWith(ROOT) && !type.getName().equals("java.lang.Record"))
        .filter(type -> !type.getName().equals("java.lang.Object"))
        .forEach(type -> type.getMethods().forEach(method -> foreign.add(method.getName())));
    return made.getMethods().stream().filter(method -> foreign.contains(method.getName())).toList();
  }
}
