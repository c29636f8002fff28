// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.w2s.spring.loading.Loader;
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
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .andShould()
        .notHaveRawType(Map.class)
        .because("but for SharedModels.PROCESS nothing outlives its context")
        .check(starter);
    fields().that().haveRawType(Loader.class).should().notBeStatic().check(starter);
  }
}
