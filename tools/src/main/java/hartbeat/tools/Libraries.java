package hartbeat.tools;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes the libraries of a build such that nothing of them has to be looked for at a start; the launcher's build calls it.
 *
 * <ul>
 *   <li>The JDK's AOT cache takes no class that the old verifier has to look at (JVMS 4.10.2, class files before version 50): such
 *       classes get stack maps.
 *   <li>Nor does it take a class out of a directory of versions: of each class the version for this JDK is put in the common place.
 *   <li>Nor what call sites come to that are computed when they are first reached, see {@link CallSites}.
 *   <li>To find a resource, the JVM opens all jars up to the one that has it, and reads their directories. Those that each start
 *       looks for are in a small jar of their own as well, which is the first.
 *   <li>Code for the host's processor is unpacked into the directory {@code native}. LWJGL would unpack it at each start to compare it.
 * </ul>
 */
final class Libraries {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final int VERSION = ClassFile.JAVA_8_VERSION;
    private static final String VERSIONS = "META-INF/versions/";
    private static final String SERVICES = "META-INF/services/";
    private static final String RESOURCES = "resources.jar";

    private Libraries() {}

    /** @param arguments the directory of jars */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path natives = Files.createDirectories(directory.resolve("native"));
        Map<String, byte[]> resources = new LinkedHashMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path jar : sorted(jars)) {
                String name = jar.getFileName().toString();
                if (name.contains("-natives-")) {
                    unpack(jar, natives);
                    Files.delete(jar);
                } else {
                    Map<String, byte[]> content = flat(read(jar));
                    write(jar, content);
                    resources.putAll(wantedAtStarts(name, content));
                }
            }
        }
        write(directory.resolve(RESOURCES), resources);
    }

    /** What is made of jars does not depend on the order in which a host lists them. */
    private static List<Path> sorted(DirectoryStream<Path> jars) {
        List<Path> all = new ArrayList<>();
        jars.forEach(all::add);
        Collections.sort(all);
        return all;
    }

    private static Map<String, byte[]> wantedAtStarts(String jar, Map<String, byte[]> content) {
        Map<String, byte[]> wanted = new LinkedHashMap<>(content);
        wanted.keySet()
                .removeIf(
                        name -> name.endsWith(".class") || name.startsWith("META-INF/") && !name.startsWith(SERVICES));
        return jar.startsWith("tools-") || jar.startsWith("firmware-") ? wanted : Map.of();
    }

    private static void unpack(Path jar, Path to) throws IOException {
        String host = "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64") + "/";
        for (Map.Entry<String, byte[]> entry : read(jar).entrySet()) {
            String name = entry.getKey();
            if (name.startsWith(host) && name.endsWith(".so")) {
                Files.write(to.resolve(name.substring(name.lastIndexOf('/') + 1)), entry.getValue());
            }
        }
    }

    private static Map<String, byte[]> read(Path jar) throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry :
                    zip.stream().filter(each -> !each.isDirectory()).toList()) {
                content.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return content;
    }

    private static void write(Path jar, Map<String, byte[]> content) throws IOException {
        Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                ZipEntry place = new ZipEntry(entry.getKey());
                place.setTime(0);
                zip.putNextEntry(place);
                zip.write(
                        entry.getKey().endsWith(".class")
                                ? CallSites.linked(modern(entry.getValue()))
                                : entry.getValue());
            }
        }
        Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What a JVM of this version sees of a jar with several versions, as a jar that has one. */
    static Map<String, byte[]> flat(Map<String, byte[]> content) throws IOException {
        Map<String, byte[]> flat = new LinkedHashMap<>();
        Map<String, Integer> chosen = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> entry : content.entrySet()) {
            String name = entry.getKey();
            int version = 0;
            if (name.startsWith(VERSIONS)) {
                int slash = name.indexOf('/', VERSIONS.length());
                version = Integer.parseInt(name.substring(VERSIONS.length(), slash));
                name = name.substring(slash + 1);
            }
            if (version <= Runtime.version().feature() && version >= chosen.getOrDefault(name, 0)) {
                chosen.put(name, version);
                flat.put(name, entry.getValue());
            }
        }
        flat.computeIfPresent(JarFile.MANIFEST_NAME, (_, manifest) -> ofOneVersion(manifest));
        return flat;
    }

    private static byte[] ofOneVersion(byte[] bytes) {
        try {
            Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
            manifest.getMainAttributes().remove(Attributes.Name.MULTI_RELEASE);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            manifest.write(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same class with stack maps. One that leans on libraries that are not here stays as it is: nothing here uses it. */
    static byte[] modern(byte[] bytes) {
        ClassFile classFile = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(Libraries.class.getClassLoader())));
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
        } catch (IllegalArgumentException missing) {
            return bytes;
        }
    }
}
