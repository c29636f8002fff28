// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.continuation.Continuation;
import org.junit.jupiter.api.Test;

/** Which package of the library may know which other, and why. */
class ArchitectureTest {

  /** The package users call; an exact name, so without the packages below it. */
  private static final String FACE = "dev.w2s";

  private static final String SEARCH = "dev.w2s.search..";
  private static final String MODEL = "dev.w2s.model..";
  private static final String HUB = "dev.w2s.model.hub..";
  private static final String SAMPLING = "dev.w2s.sampling..";
  private static final String GUIDANCE = "dev.w2s.guidance..";
  private static final String SERVER = "dev.w2s.server..";
  private static final String LOCAL = "dev.w2s.local..";
  private static final String PROMPT = "dev.w2s.prompt..";
  private static final String[] BEHIND_THE_MODEL = {
    "dev.w2s.model.adapter..",
    "dev.w2s.model.files..",
    "dev.w2s.model.family..",
    "dev.w2s.model.gguf..",
    "dev.w2s.model.text..",
    "dev.w2s.model.template..",
    "dev.w2s.model.hub.."
  };

  private final JavaClasses library =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.w2s");

  @Test
  void searchKnowsNothingButItself() {
    noClasses()
        .that()
        .resideInAPackage(SEARCH)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.langchain4j..", "ai.djl..")
                .or(resideInAPackage("dev.w2s..").and(not(resideInAPackage(SEARCH)))))
        .because("the search is an algorithm: it is tested and read without any model")
        .check(library);
  }

  @Test
  void searchKnowsNoGuardOfItsOwn() {
    noClasses()
        .that()
        .resideInAPackage("dev.w2s.search")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.w2s.search.guard..")
        .because("a guard is a port: the strategies choose through whichever is given")
        .check(library);
  }

  @Test
  void modelKnowsNoCaller() {
    noClasses()
        .that()
        .resideInAPackage(MODEL)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SEARCH, GUIDANCE, SAMPLING, LOCAL, FACE)
        .because("a model computes logits; what they are used for is its callers' matter")
        .check(library);
  }

  @Test
  void promptKnowsNothingButItself() {
    noClasses()
        .that()
        .resideInAPackage(PROMPT)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.langchain4j..", "ai.djl..")
                .or(resideInAPackage("dev.w2s..").and(not(resideInAPackage(PROMPT)))))
        .because("every room speaks of prompts, so none may be needed to read them")
        .check(library);
  }

  @Test
  void onlyModelOpensItsInnerRooms() {
    noClasses()
        .that()
        .resideOutsideOfPackage(MODEL)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(BEHIND_THE_MODEL)
                .and(not(type(InvalidModelException.class)))
                .and(not(type(ModelTokenizer.class)))
                .and(not(type(TokenIds.class))))
        .because("files, families and texts are public for dev.w2s.model alone; they are no API")
        .check(library);
  }

  @Test
  void theInnerRoomsDoNotKnowTheModel() {
    noClasses()
        .that()
        .resideInAnyPackage(BEHIND_THE_MODEL)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.w2s.model")
        .because("what lies on disk is read and checked before there is a model")
        .check(library);
  }

  @Test
  void hubKnowsFilesAlone() {
    noClasses()
        .that()
        .resideInAPackage(HUB)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.langchain4j..", "ai.djl..")
                .or(
                    resideInAPackage("dev.w2s..")
                        .and(not(resideInAnyPackage(HUB, "dev.w2s.model.files..")))))
        .because("what is downloaded becomes a directory, and is read as any other")
        .check(library);
  }

  @Test
  void localKnowsNothingOfGuidance() {
    noClasses()
        .that()
        .resideInAPackage(LOCAL)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SEARCH, GUIDANCE, SAMPLING, FACE)
        .because("a model in this process is a LangChain4j model like any other")
        .check(library);
  }

  @Test
  void serverKnowsNothingButItself() {
    noClasses()
        .that()
        .resideInAPackage(SERVER)
        .should()
        .dependOnClassesThat(
            resideInAPackage("ai.djl..")
                .or(resideInAPackage("dev.w2s..").and(not(resideInAPackage(SERVER)))))
        .because("how a server is asked does not depend on what it is asked for")
        .check(library);
  }

  @Test
  void onlySamplingAndGuidanceAskServers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SERVER, SAMPLING, GUIDANCE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SERVER)
        .because("where a model is, is the matter of what draws from it or scores by it")
        .check(library);
  }

  @Test
  void onlySamplingOpensItsInnerRooms() {
    noClasses()
        .that()
        .resideOutsideOfPackage(SAMPLING)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.w2s.sampling.calls..", "dev.w2s.sampling.continuation..")
                .and(not(type(MeteredSampler.class)))
                .and(not(type(DelegateException.class)))
                .and(not(type(Continuation.class))))
        .because("how calls are made is public for dev.w2s.sampling alone; it is no API")
        .check(library);
  }

  @Test
  void samplingKnowsNeitherGuidanceNorFace() {
    noClasses()
        .that()
        .resideInAPackage(SAMPLING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GUIDANCE, FACE)
        .because("how tokens are drawn and how texts are scored are chosen independently")
        .check(library);
  }

  @Test
  void guidanceKnowsNeitherSamplingNorFace() {
    noClasses()
        .that()
        .resideInAPackage(GUIDANCE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SAMPLING, LOCAL, FACE)
        .because("how texts are scored and how tokens are drawn are chosen independently")
        .check(library);
  }

  @Test
  void packagesFormNoCycle() {
    slices()
        .assignedFrom(new PackageItself())
        .should()
        .beFreeOfCycles()
        .because("packages in a cycle can only be understood and changed together")
        .check(library);
  }

  @Test
  void onlyModelKnowsDjl() {
    noClasses()
        .that()
        .resideOutsideOfPackage(MODEL)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .because("native memory needs an owner, and the owners live in dev.w2s.model")
        .check(library);
  }

  @Test
  void onlyMetricsKnowsMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.w2s.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .because("who has no Micrometer on the class path can use all the rest")
        .check(library);
  }

  @Test
  void metricsKnowSearchAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.w2s.metrics")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.w2s..").and(not(resideInAnyPackage("dev.w2s.metrics", SEARCH))))
        .because("what a round cost is all that they need, and no text reaches them")
        .check(library);
  }

  @Test
  void onlyTemplateKnowsJinjava() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.w2s.model.template..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hubspot..", "jinjava..")
        .because("templates are not trusted, so what runs them has one door")
        .check(library);
  }

  @Test
  void noModelIsBothStreamingAndPlain() {
    noClasses()
        .that()
        .implement(StreamingChatModel.class)
        .should()
        .implement(ChatModel.class)
        .because("from LangChain4j 1.20 on such a class does not compile")
        .check(library);
    methods()
        .that()
        .areDeclaredInClassesThat()
        .implement(StreamingChatModel.class)
        .and()
        .haveNameMatching("chat|doChat|chatAsync")
        .should()
        .notHaveRawParameterTypes(ChatRequest.class)
        .because("LangChain4j's reactive form from 1.20 on has that name and another result")
        .check(library);
  }

  @Test
  void staticFieldsAreFinal() {
    fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .because("a static that changes couples every caller in the process")
        .check(library);
  }

  /** Every package is a slice of its own, the face included. */
  private static final class PackageItself implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return SliceIdentifier.of(javaClass.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
