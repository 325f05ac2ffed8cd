package dev.weft.benchmarks;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the table: a benchmark method, and the document that it is measured on.
 *
 * @param method of a subclass of {@link Workload}
 * @param row what it is compared with
 * @param document the document's name
 */
record Comparison(Method method, Row row, String document) {
    /** The classes of benchmarks, in the order of the table. */
    private static final List<Class<? extends Workload>> BENCHMARKS = List.of(
            StateVectorBenchmark.class,
            MergeBenchmark.class,
            DiffBenchmark.class,
            CompactBenchmark.class,
            IndexBenchmark.class,
            DocumentBenchmark.class,
            V2Benchmark.class,
            CheckBenchmark.class,
            AwarenessBenchmark.class);

    /** All rows. */
    static List<Comparison> all() {
        List<Comparison> all = new ArrayList<>();
        for (Class<? extends Workload> benchmark : BENCHMARKS) {
            for (Method method : benchmark.getDeclaredMethods()) {
                for (Row row : method.getAnnotationsByType(Row.class)) {
                    for (String document : row.documents()) {
                        all.add(new Comparison(method, row, document));
                    }
                }
            }
        }
        return all;
    }

    /** Whether all words occur in what the row is called. */
    boolean matches(List<String> words) {
        String text = this.toString().toLowerCase(Locale.ROOT);
        return words.stream().allMatch(word -> text.contains(word.toLowerCase(Locale.ROOT)));
    }

    /** A regular expression that JMH finds exactly this method by. */
    String benchmark() {
        return "^" + (method.getDeclaringClass().getName() + "." + method.getName()).replace(".", "\\.") + "$";
    }

    /** Does the operation once, outside JMH. @return its result, null for a method without one */
    @org.jspecify.annotations.Nullable
    Object once(Documents documents) throws ReflectiveOperationException {
        Workload workload =
                (Workload) method.getDeclaringClass().getDeclaredConstructor().newInstance();
        workload.load(documents.folder(), document);
        return method.invoke(workload);
    }

    @Override
    public String toString() {
        return row.operation() + ", " + document;
    }
}
