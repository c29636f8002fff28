// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the packaged jar says of the works it carries. */
class LicensesIT {
  private static final Pattern BUNDLED =
      Pattern.compile("META-INF/maven/(?!dev\\.w2s/)[^/]+/[^/]+/pom\\.properties");

  private ZipFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new ZipFile("target/w2s.jar");
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  private String text(String entry) throws IOException {
    ZipEntry found = jar.getEntry(entry);
    assertThat(found).as(entry).isNotNull();
    return new String(jar.getInputStream(found).readAllBytes(), UTF_8);
  }

  private Properties properties(String entry) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text(entry)));
    return properties;
  }

  @Test
  void everyBundledArtifactIsNamedWithItsLicence() throws IOException {
    List<String> bundled =
        jar.stream().map(ZipEntry::getName).filter(BUNDLED.asMatchPredicate()).toList();
    assertThat(bundled).isNotEmpty();
    String thirdParty = text("META-INF/THIRD-PARTY.txt");
    for (String entry : bundled) {
      Properties pom = properties(entry);
      if (pom.getProperty("artifactId").equals("jsoup")) { // within jinjava, no dependency of ours
        assertThat(text("META-INF/licenses/jsoup/LICENSE"))
            .contains(pom.getProperty("version"), "Jonathan Hedley");
        continue;
      }
      assertThat(thirdParty)
          .containsPattern(
              "\\(\\S.*\\) .*\\(%s:%s:%s "
                  .formatted(
                      Pattern.quote(pom.getProperty("groupId")),
                      Pattern.quote(pom.getProperty("artifactId")),
                      Pattern.quote(pom.getProperty("version"))));
    }
    // These are bundled without a pom of their own.
    assertThat(thirdParty)
        .contains(
            "(ai.djl:api:", "(ai.djl.pytorch:pytorch-native-cpu:", "(ai.djl.pytorch:pytorch-jni:")
        .contains(
            "(ai.djl.huggingface:tokenizers:", "(net.java.dev.jna:jna:", "(info.picocli:picocli:")
        .doesNotContain("dev.w2s", "Unknown license");
  }

  @Test
  void theNoticesOfAllLibrariesAreKept() throws IOException {
    assertThat(text("META-INF/NOTICE"))
        .contains("Apache Commons Codec", "Apache Commons Compress", "Apache Commons IO")
        .contains("Jackson JSON processor", "Schubfach");
  }

  @Test
  void theNativeLibrariesLicencesAreThere() throws IOException {
    String overview = text("META-INF/licenses/NATIVE-LIBRARIES.txt");
    Matcher named =
        Pattern.compile("(?:pytorch-\\S+|mkl|gcc)/[A-Z][\\w.-]*|\\.\\./\\w[\\w.]*")
            .matcher(overview);
    assertThat(named.results().map(found -> "META-INF/licenses/" + found.group()).distinct())
        .hasSize(7)
        .allSatisfy(
            path -> assertThat(text(path.replace("licenses/../", ""))).hasSizeGreaterThan(1000));
  }

  /** PyTorch's texts are those of the version that is bundled. */
  @Test
  void pytorchsLicenceIsOfItsVersion() throws IOException {
    String version =
        properties("native/lib/pytorch.properties").getProperty("version").replaceFirst("-.*", "");
    assertThat(text("META-INF/licenses/NATIVE-LIBRARIES.txt")).contains("PyTorch " + version + ",");
    assertThat(text("META-INF/licenses/pytorch-" + version + "/LICENSE"))
        .startsWith("From PyTorch:");
  }

  @Test
  void slf4jsLicenceIsKept() throws IOException {
    assertThat(text("META-INF/licenses/slf4j/LICENSE")).contains("QOS.ch");
  }
}
