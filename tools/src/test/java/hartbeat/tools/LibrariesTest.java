package hartbeat.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibrariesTest {
    @Test
    void classesOfBeforeStackMapsGetSome() {
        byte[] old = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
                .build(
                        ClassDesc.of("Old"),
                        builder -> builder.withVersion(ClassFile.JAVA_5_VERSION, 0)
                                .withMethodBody(
                                        "sign",
                                        MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int),
                                        AccessFlag.STATIC.mask(),
                                        code -> code.iload(0)
                                                .ifThenElse(
                                                        then -> then.iconst_1().ireturn(),
                                                        other ->
                                                                other.iconst_0().ireturn())));

        ClassModel modern = ClassFile.of().parse(Libraries.modern(old));

        assertThat(modern.majorVersion()).isEqualTo(ClassFile.JAVA_8_VERSION);
        MethodModel sign = modern.methods().getFirst();
        assertThat(sign.findAttribute(Attributes.code()).orElseThrow().findAttribute(Attributes.stackMapTable()))
                .isPresent();
    }

    @Test
    void newerClassesStayAsTheyAre() throws Exception {
        byte[] own;
        try (var in = LibrariesTest.class.getResourceAsStream("LibrariesTest.class")) {
            assertThat(in).isNotNull();
            own = in.readAllBytes();
        }
        assertThat(Libraries.modern(own)).isSameAs(own);
    }

    @Test
    void ofSeveralVersionsTheNewestThatThisJavaReadsIsLeft() throws Exception {
        Map<String, byte[]> several = new LinkedHashMap<>();
        several.put(
                "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nMulti-Release: true\r\nA: b\r\n\r\n".getBytes(UTF_8));
        several.put("META-INF/versions/21/a/B.class", "21".getBytes(UTF_8));
        several.put("META-INF/versions/9/a/B.class", "9".getBytes(UTF_8));
        several.put("META-INF/versions/1000/a/B.class", "1000".getBytes(UTF_8));
        several.put("a/B.class", "0".getBytes(UTF_8));
        several.put("a/C.class", "c".getBytes(UTF_8));

        Map<String, byte[]> flat = Libraries.flat(several);

        assertThat(flat).containsOnlyKeys("META-INF/MANIFEST.MF", "a/B.class", "a/C.class");
        assertThat(flat.get("a/B.class")).asString(UTF_8).isEqualTo("21");
        assertThat(flat.get("META-INF/MANIFEST.MF"))
                .asString(UTF_8)
                .contains("A: b")
                .doesNotContain("Multi-Release");
    }

    @Test
    void whatEachStartLooksForIsInAJarOfItsOwn(@TempDir Path directory) throws Exception {
        jar(
                directory.resolve("tools-1.jar"),
                "META-INF/services/a.B",
                "META-INF/maven/pom.xml",
                "a/B.class",
                "a/c.txt");
        jar(directory.resolve("firmware-1.jar"), "firmware.bin");
        jar(directory.resolve("other-1.jar"), "large.bin");

        Libraries.main(new String[] {directory.toString()});

        try (ZipFile resources = new ZipFile(directory.resolve("resources.jar").toFile())) {
            assertThat(resources.stream().map(ZipEntry::getName))
                    .containsExactlyInAnyOrder("META-INF/services/a.B", "a/c.txt", "firmware.bin");
        }
        try (ZipFile tools = new ZipFile(directory.resolve("tools-1.jar").toFile())) {
            assertThat(tools.stream().map(ZipEntry::getName)).contains("META-INF/services/a.B", "a/B.class");
            ClassModel value = ClassFile.of()
                    .parse(tools.getInputStream(tools.getEntry("a/B.class")).readAllBytes());
            assertThat(value.methods())
                    .anyMatch(method -> method.methodName().stringValue().startsWith("linked$equals"));
        }
    }

    /** A record, which has call sites to link. */
    private record Value(int value) {}

    private static void jar(Path file, String... names) throws IOException {
        byte[] type;
        try (var in = LibrariesTest.class.getResourceAsStream("LibrariesTest$Value.class")) {
            assertThat(in).isNotNull();
            type = in.readAllBytes();
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.endsWith(".class") ? type : name.getBytes(UTF_8));
            }
        }
    }
}
