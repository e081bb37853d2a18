use exeat_model::{CatalogueDescription, CatalogueEntry, FieldDescription, Number, PlainValue};
use smol_str::SmolStr;

use crate::csv::{cell, rows};

/// Short names that people use, and the models that they mean.
const ALIASES: &[(&str, &str)] = &[
    ("A100", "A100 SXM4 80GB"),
    ("A800", "A800 SXM4 80GB"),
    ("H100", "H100 SXM5 80GB"),
    ("H200", "H200 SXM 141GB"),
    ("H20", "H20 96GB"),
    ("GH200", "GH200 (per Hopper GPU)"),
    ("GB200", "GB200 (per Blackwell GPU)"),
    ("GB300", "GB300 (per Blackwell Ultra GPU)"),
    ("V100", "Tesla V100 SXM2 32GB"),
    ("RTX 3090", "GeForce RTX 3090"),
    ("RTX 4090", "GeForce RTX 4090"),
    ("RTX 4090 D", "GeForce RTX 4090 D"),
    ("MI100", "Instinct MI100"),
    ("MI210", "Instinct MI210"),
    ("MI250", "Instinct MI250"),
    ("MI250X", "Instinct MI250X"),
    ("MI300A", "Instinct MI300A"),
    ("MI300X", "Instinct MI300X"),
    ("MI308X", "Instinct MI308X"),
    ("MI325X", "Instinct MI325X"),
    ("MI350X", "Instinct MI350X"),
    ("MI355X", "Instinct MI355X"),
    ("Gaudi 3", "Gaudi 3 (HL-325L)"),
];

/// Dense rates: the column, and the bit length of the operation.
const RATES: &[(&str, &str)] = &[
    ("fp16_bf16_dense_tflops", "16"),
    ("fp8_dense_tflops", "8"),
    ("int8_dense_tops", "8"),
    ("fp6_dense_tflops", "6"),
    ("fp4_or_int4_dense", "4"),
];

/// Advanced integrated circuits, by model and by the short names people use.
pub(crate) fn chips() -> CatalogueDescription {
    let rows = rows(include_str!("../data/chips.csv"));
    let mut entries: Vec<CatalogueEntry> =
        rows.iter().map(|row| entry(cell(row, "model"), row)).collect();
    for (alias, model) in ALIASES {
        entries.extend(
            rows.iter().filter(|row| cell(row, "model") == *model).map(|row| entry(alias, row)),
        );
    }
    let fields = [
        ("model", "text"),
        ("vendor", "text"),
        ("launched", "text"),
        ("marketed_for_data_centers", "yes_no"),
        ("rates", "list of processing_rate"),
        ("non_planar_die_area", "mm2"),
        ("memory_bandwidth", "GB/s"),
        ("interconnect_bandwidth", "GB/s"),
        ("total_io_bandwidth", "GB/s"),
    ];
    CatalogueDescription {
        name: "chip".into(),
        title: "Advanced integrated circuits".to_owned(),
        fields: fields
            .map(|(name, ty)| FieldDescription { name: name.into(), ty: ty.to_owned() })
            .to_vec(),
        entries,
    }
}

fn entry(key: &str, row: &[(String, String)]) -> CatalogueEntry {
    let text = |heading: &str| PlainValue::Text(cell(row, heading).into());
    let number = |heading: &str| Number::parse(cell(row, heading)).map(PlainValue::Number);
    let mut fields: Vec<(SmolStr, PlainValue)> = vec![
        ("model".into(), text("model")),
        ("vendor".into(), text("vendor")),
        ("launched".into(), text("launch")),
        (
            "marketed_for_data_centers".into(),
            PlainValue::YesNo(cell(row, "marketed_datacenter") == "y"),
        ),
    ];
    let rates: Vec<PlainValue> = RATES
        .iter()
        .filter_map(|(heading, bits)| {
            let bits = PlainValue::Number(Number::parse(bits)?);
            Some(PlainValue::Record(vec![
                ("bit_length".into(), bits),
                ("throughput".into(), number(heading)?),
            ]))
        })
        .collect();
    if !rates.is_empty() {
        fields.push(("rates".into(), PlainValue::List(rates)));
    }
    let measures = [
        ("non_planar_die_area", "applicable_die_area_mm2"),
        ("memory_bandwidth", "mem_bw_gb_s"),
        ("interconnect_bandwidth", "interconnect_bidir_gb_s"),
        ("total_io_bandwidth", "total_io_bidir_gb_s_incl_pcie"),
    ];
    fields.extend(
        measures.iter().filter_map(|(name, heading)| Some(((*name).into(), number(heading)?))),
    );
    let source = format!(
        "{}; die area: {}; confidence: {}. {}",
        cell(row, "spec_sources"),
        cell(row, "die_area_status"),
        cell(row, "confidence"),
        cell(row, "notes")
    );
    CatalogueEntry { key: key.into(), fields, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_give_the_total_processing_performance_of_the_sheet() {
        for row in rows(include_str!("../data/chips.csv")) {
            let Some(expected) = Number::parse(cell(&row, "tpp")) else { continue };
            let computed = RATES
                .iter()
                .filter_map(|(heading, bits)| {
                    Number::parse(cell(&row, heading))?.checked_mul(Number::parse(bits)?).ok()
                })
                .max();
            assert_eq!(computed, Some(expected), "{}", cell(&row, "model"));
        }
    }

    #[test]
    fn every_alias_names_a_model() {
        let keys: Vec<SmolStr> = chips().entries.into_iter().map(|entry| entry.key).collect();
        for (alias, _) in ALIASES {
            assert_eq!(keys.iter().filter(|key| key == alias).count(), 1, "{alias}");
        }
    }
}
