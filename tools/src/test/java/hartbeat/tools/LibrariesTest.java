package hartbeat.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
