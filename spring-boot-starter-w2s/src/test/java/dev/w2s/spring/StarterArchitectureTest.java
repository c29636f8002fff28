// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which package of the starter may know which other, and why. */
class StarterArchitectureTest {
  private static final String PROPERTIES = "dev.w2s.spring.properties..";
  private static final String LOADING = "dev.w2s.spring.loading..";
  private static final String DECORATION = "dev.w2s.spring.decoration..";
  private static final String ACTUATE = "dev.w2s.spring.actuate..";

  private final JavaClasses starter =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.w2s.spring");

  private void mustNotKnow(String room, String why, String... others) {
    noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .because(why)
        .check(starter);
  }

  @Test
  void eachRoomKnowsOnlyThoseBelow() {
    mustNotKnow(
        PROPERTIES, "they are what is said, not what is done", LOADING, DECORATION, ACTUATE);
    mustNotKnow(LOADING, "it is the same whatever is decorated", DECORATION, ACTUATE);
    mustNotKnow(DECORATION, "it works without the actuator", ACTUATE);
  }

  @Test
  void onlyActuateKnowsTheActuator() {
    for (String room : new String[] {"dev.w2s.spring", PROPERTIES, LOADING, DECORATION}) {
      mustNotKnow(
          room,
          "an application need not have it",
          "org.springframework.boot.actuate..",
          "org.springframework.boot.health..");
    }
  }

  @Test
  void oneStaticAloneChanges() {
    fields().that().areStatic().should().beFinal().check(starter);
    List<String> ofOurOwn =
        starter.stream()
            .filter(type -> !type.isEnum())
            .flatMap(type -> type.getFields().stream())
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .filter(field -> field.getRawType().getPackageName().startsWith("dev.w2s"))
            .map(JavaField::getFullName)
            .toList();
    assertThat(ofOurOwn).containsExactly("dev.w2s.spring.loading.SharedModels.PROCESS");
    fields()
        .that()
        .areStatic()
        .should()
        .notHaveRawType(assignableTo(Map.class))
        .because("a map that never changes is not needed, and one that does outlives its context")
        .check(starter);
  }
}
