package hartbeat.tools;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar stack maps where they are so old as to have none. The JDK's AOT cache takes no class that the old verifier
 * has to look at (JVMS 4.10.2, class files before version 50), and a library that is not in the cache costs more at a start than all
 * that is. The launcher's build calls it.
 */
final class OldClasses {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final int VERSION = ClassFile.JAVA_8_VERSION;

    private OldClasses() {}

    /** @param jars rewritten in place */
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            rewrite(Path.of(jar));
        }
    }

    private static void rewrite(Path jar) throws IOException {
        Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipInputStream from = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)));
                ZipOutputStream to = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                byte[] content = from.readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                to.write(entry.getName().endsWith(".class") ? modern(content) : content);
            }
        }
        Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same class with stack maps. One that leans on libraries that are not here stays as it is: nothing here uses it. */
    static byte[] modern(byte[] bytes) {
        ClassFile classFile = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(OldClasses.class.getClassLoader())));
        ClassModel old = classFile.parse(bytes);
        if (old.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return bytes;
        }
        ClassTransform version = (builder, element) ->
                builder.with(element instanceof ClassFileVersion ? ClassFileVersion.of(VERSION, 0) : element);
        ClassTransform bodies =
                ClassTransform.transformingMethodBodies((builder, instruction) -> builder.with(instruction));
        try {
            return classFile.transformClass(old, bodies.andThen(version));
        } catch (IllegalArgumentException | UncheckedIOException missing) {
            return bytes;
        }
    }
}
