use std::collections::BTreeMap;

use exeat_plugin_sdk::{Catalogue, Entry, Field, PlainValue};

use crate::csv::{Row, Table};

/// Specifications of accelerators as published, each with its sources. An empty cell is unknown.
pub(crate) const DATA: &str = include_str!("../data/chips.csv");

/// Rates are dense ones: bit length of the inputs, and the column.
const RATES: [(&str, &str); 5] = [
    ("16", "fp16_bf16_dense_tflops"),
    ("8", "fp8_dense_tflops"),
    ("8", "int8_dense_tops"),
    ("6", "fp6_dense_tflops"),
    ("4", "fp4_or_int4_dense"),
];

/// Short names that people type, each for one model. Where a name covers several models, the one
/// that is sold most in data centres stands for it, and the source of the entry says so; where that
/// could decide a case, as for RTX PRO 6000 Blackwell, there is no short name.
const ALIASES: [(&str, &str); 53] = [
    ("V100", "Tesla V100 SXM2 32GB"),
    ("A100", "A100 SXM4 80GB"),
    ("A100 SXM4", "A100 SXM4 80GB"),
    ("A100 PCIe", "A100 PCIe 80GB"),
    ("A800", "A800 SXM4 80GB"),
    ("A800 SXM4", "A800 SXM4 80GB"),
    ("A800 PCIe", "A800 PCIe 80GB"),
    ("H100", "H100 SXM5 80GB"),
    ("H100 SXM", "H100 SXM5 80GB"),
    ("H100 SXM5", "H100 SXM5 80GB"),
    ("H100 PCIe", "H100 PCIe 80GB"),
    ("H800 PCIe", "H800 PCIe 80GB"),
    ("GH200", "GH200 (per Hopper GPU)"),
    ("H200", "H200 SXM 141GB"),
    ("H200 SXM", "H200 SXM 141GB"),
    ("H20", "H20 96GB"),
    ("H20-3e", "H20 141GB (H20-3e)"),
    ("H20 141GB", "H20 141GB (H20-3e)"),
    ("GB200", "GB200 (per Blackwell GPU)"),
    ("GB300", "GB300 (per Blackwell Ultra GPU)"),
    ("RTX 3090", "GeForce RTX 3090"),
    ("RTX 4090", "GeForce RTX 4090"),
    ("RTX 4090 D", "GeForce RTX 4090 D"),
    ("RTX 4090D", "GeForce RTX 4090 D"),
    ("A6000", "RTX A6000"),
    ("MI100", "Instinct MI100"),
    ("MI210", "Instinct MI210"),
    ("MI250", "Instinct MI250"),
    ("MI250X", "Instinct MI250X"),
    ("MI300A", "Instinct MI300A"),
    ("MI300X", "Instinct MI300X"),
    ("MI308", "Instinct MI308X"),
    ("MI308X", "Instinct MI308X"),
    ("MI325X", "Instinct MI325X"),
    ("MI350X", "Instinct MI350X"),
    ("MI355X", "Instinct MI355X"),
    ("Gaudi 3", "Gaudi 3 (HL-325L)"),
    ("HL-325L", "Gaudi 3 (HL-325L)"),
    ("Max 1550", "Data Center GPU Max 1550"),
    ("GPU Max 1550", "Data Center GPU Max 1550"),
    ("Ascend 910", "Ascend 910 (2019)"),
    ("Ascend 910B", "Ascend 910B (B2-class, 376 TFLOPS)"),
    ("910B", "Ascend 910B (B2-class, 376 TFLOPS)"),
    ("Ascend 950PR", "Ascend 950PR (Atlas 350)"),
    ("950PR", "Ascend 950PR (Atlas 350)"),
    ("Atlas 350", "Ascend 950PR (Atlas 350)"),
    ("MLU370", "MLU370-X8"),
    ("MXC500", "MXC500 OAM"),
    ("S4000", "MTT S4000"),
    ("Siyuan590", "Siyuan 590"),
    ("RTX 6000 Ada Generation", "RTX 6000 Ada"),
    ("TPUv5e", "TPU v5e"),
    ("TPUv5p", "TPU v5p"),
];

/// The catalogue of known chips.
pub(crate) fn catalogue() -> Catalogue {
    let table = Table::read(DATA);
    let mut entries: Vec<Entry> = table.rows().map(entry).collect();
    let aliases: Vec<Entry> = ALIASES
        .iter()
        .filter_map(|(short, model)| {
            let entry = entries.iter().find(|entry| entry.key == *model)?;
            Some(Entry {
                key: (*short).to_owned(),
                fields: entry.fields.clone(),
                source: format!("`{short}` stands for {model}. {}", entry.source),
            })
        })
        .collect();
    entries.extend(aliases);
    let field = |(name, ty): &(&str, &str)| Field::new(name, ty);
    Catalogue {
        name: "chip".to_owned(),
        title: "Accelerator chips, each as one package".to_owned(),
        fields: [
            ("model", "text"),
            ("vendor", "text"),
            ("launched", "text"),
            ("marketed_for_data_centers", "yes_no"),
            ("rates", "list of processing_rate"),
            ("sparse_rates", "list of sparse_rate"),
            ("further_units", "list of processing_unit"),
            ("non_planar_die_area", "mm2"),
            ("dies", "list of die"),
            ("memory_bandwidth", "GB/s"),
            ("interconnect_bandwidth", "GB/s"),
            ("total_io_bandwidth", "GB/s"),
        ]
        .iter()
        .map(field)
        .collect(),
        entries,
    }
}

fn entry(row: Row<'_>) -> Entry {
    let text = |column: &str| row.known(column).map(|cell| PlainValue::Text(cell.to_owned()));
    let number = |column: &str| row.known(column).map(|cell| PlainValue::Number(cell.to_owned()));
    let fields = [
        ("model", text("model")),
        ("vendor", text("vendor")),
        ("launched", text("launch")),
        ("marketed_for_data_centers", yes_no(row.get("marketed_datacenter"))),
        ("rates", rates(row)),
        ("sparse_rates", Some(none())),
        ("further_units", Some(none())),
        ("non_planar_die_area", number("applicable_die_area_mm2")),
        ("dies", Some(none())),
        ("memory_bandwidth", number("mem_bw_gb_s")),
        ("interconnect_bandwidth", number("interconnect_bidir_gb_s")),
        ("total_io_bandwidth", number("total_io_bidir_gb_s_incl_pcie")),
    ];
    Entry {
        key: row.get("model").to_owned(),
        fields: fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect(),
        source: source(row),
    }
}

/// The table holds dense rates of a package as a whole and the total of its dies; nothing is listed
/// beside them.
fn none() -> PlainValue {
    PlainValue::List(Vec::new())
}

fn yes_no(cell: &str) -> Option<PlainValue> {
    match cell {
        "y" => Some(PlainValue::YesNo(true)),
        "n" => Some(PlainValue::YesNo(false)),
        _ => None,
    }
}

/// The rates that the data sheet gives. If it gives none they are unknown, which is not the same
/// as a chip that computes nothing.
fn rates(row: Row<'_>) -> Option<PlainValue> {
    let mut known: Vec<(&str, &str)> = Vec::new();
    for (bits, column) in RATES {
        if let Some(throughput) = row.known(column).filter(|t| !known.contains(&(bits, *t))) {
            known.push((bits, throughput));
        }
    }
    let rate = |(bits, throughput): (&str, &str)| {
        PlainValue::Record(BTreeMap::from([
            ("bit_length".to_owned(), PlainValue::Number(bits.to_owned())),
            ("throughput".to_owned(), PlainValue::Number(throughput.to_owned())),
        ]))
    };
    let rates: Vec<PlainValue> = known.into_iter().map(rate).collect();
    (!rates.is_empty()).then_some(PlainValue::List(rates))
}

/// Where the figures come from and how sure they are.
fn source(row: Row<'_>) -> String {
    let sources: Vec<String> =
        row.get("spec_sources").split(';').map(|key| spelled_out(key.trim())).collect();
    let figures = Some(format!("Figures: {}.", sources.join("; ")));
    let remark = |name: &str, column: &str| Some(format!("{name}: {}.", row.known(column)?));
    [
        figures,
        remark("Die area", "die_area_status"),
        remark("Confidence", "confidence"),
        remark("Note", "notes"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ")
}

/// The keys of the data file in words; what follows a key, as in `MK (…)`, stays.
fn spelled_out(key: &str) -> String {
    let keys = [
        ("SWK", "public chip data of s-w-kelly/chip-export-controls"),
        ("EPOCH", "Epoch AI hardware data"),
        ("MK", "vendor data sheet, not compared with the original"),
    ];
    keys.into_iter()
        .find_map(|(short, long)| {
            let rest = key.strip_prefix(short)?;
            let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
            ends.then(|| format!("{long}{rest}"))
        })
        .unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use exeat_plugin_sdk::Number;

    use super::*;

    fn number(value: &PlainValue) -> Number {
        let PlainValue::Number(text) = value else { panic!("{value:?} is not a number") };
        Number::parse(text).unwrap()
    }

    fn is_less(a: Number, b: Number) -> bool {
        let minus_one = Number::from_integer(-1);
        a.checked_add(b.checked_mul(minus_one).unwrap()).unwrap().is_negative()
    }

    /// The highest product of rate and bit length.
    fn tpp(entry: &Entry) -> Option<Number> {
        let PlainValue::List(rates) = entry.fields.get("rates")? else { panic!("no list") };
        let products = rates.iter().map(|rate| {
            let PlainValue::Record(rate) = rate else { panic!("no record") };
            number(&rate["bit_length"]).checked_mul(number(&rate["throughput"])).unwrap()
        });
        products.reduce(|best, next| if is_less(best, next) { next } else { best })
    }

    #[test]
    fn the_processing_performance_is_that_of_the_table_exactly() {
        let catalogue = catalogue();
        let mut differing = Vec::new();
        for row in Table::read(DATA).rows() {
            let entry = catalogue.entries.iter().find(|e| e.key == row.get("model")).unwrap();
            let expected = row.known("tpp").map(|text| Number::parse(text).unwrap());
            if tpp(entry) != expected {
                differing.push(entry.key.clone());
            }
        }
        assert_eq!(differing, Vec::<String>::new());
    }

    #[test]
    fn every_short_name_stands_for_a_model_and_no_key_is_used_twice() {
        let catalogue = catalogue();
        let keys: BTreeSet<_> = catalogue.entries.iter().map(|entry| &entry.key).collect();
        assert_eq!(keys.len(), catalogue.entries.len());
        assert_eq!(catalogue.entries.len(), Table::read(DATA).rows().count() + ALIASES.len());
        let h100 = catalogue.entries.iter().find(|entry| entry.key == "H100").unwrap();
        assert_eq!(h100.fields["model"], PlainValue::Text("H100 SXM5 80GB".to_owned()));
        assert!(h100.source.starts_with("`H100` stands for H100 SXM5 80GB. Figures: "));
    }

    #[test]
    fn what_is_not_published_is_unknown() {
        let catalogue = catalogue();
        let find = |key: &str| catalogue.entries.iter().find(|entry| entry.key == key).unwrap();
        assert!(!find("MI308X").fields.contains_key("rates"));
        assert!(!find("MXC500 OAM").fields.contains_key("non_planar_die_area"));
        assert!(find("MXC500 OAM").fields.contains_key("rates"));
    }
}
