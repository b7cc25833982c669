//! A view of a diagram as a file.

use super::hidden::as_drawn;
use super::opened::without_hidden;
use super::overlay::unknown_overlay;
use super::undeclared::unknown_relations;
use super::unknown_level;
use crate::error::{Fault, OrAnswer as _};
use crate::export::file_stem;
use crate::services::Services;
use contract::catalog::DiagramData;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::ExportFile;
use ddl::write::{Format, folded, select, undeclared, write};
use diagram::graph::{NodeKind, TableNode};
use diagram::measure::TextMetrics;
use diagram::overlay::{Mark, MarkKind, Overlay};
use diagram::paint::View;
use diagram::scene::Scene;
use diagram::svg::{SvgOptions, svg_file};
use diagram::theme::Theme;
use model::account::Permission;
use model::diagram::{DiagramQuery, NONE};
use model::id::DatabaseId;
use model::number::counted;
use model::provider::Provider;
use model::schema::{QualifiedName, Schema};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What a view can be written as.
enum Kind {
    Picture,
    Places,
    Structure(Format),
}

impl Services {
    /// Exactly what the address shows: as a picture (`svg`), with its places (`json`), or the
    /// structure of its tables (`mmd`, `dbml`, `sql` in the database's dialect, `md`).
    pub(crate) async fn diagram_file(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        extension: &str,
        dark: bool,
    ) -> Result<ExportFile, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let kind = kind_of(extension).ok_or_else(|| {
            AppError::invalid_field(
                "format",
                "There is no such format; there are svg, json, mmd, dbml, sql and md.",
            )
        })?;
        words_checked(query)?;
        let (data, provider) = self.diagram_in_turn(ctx, id, query, None).await?;
        let data = without_hidden(data);
        let kind = kind(provider);
        let schema = match (&kind, data.versions) {
            (Kind::Structure(_), Some((_, to))) => {
                let structure = self.store.version_structure(id, to).await.or_answer(ctx)?;
                structure.ok_or_else(|| AppError::not_found("This version"))?
            }
            (Kind::Structure(_), None) => self.structure(ctx, id).await?,
            _ => Schema::default(),
        };
        let name = format!("{}-diagram.{extension}", file_stem(&data.database_name));
        let media_type = match &kind {
            Kind::Picture => "image/svg+xml",
            Kind::Places => "application/json",
            Kind::Structure(format) => format.media_type(),
        };
        let is_painted = matches!(kind, Kind::Picture | Kind::Places);
        let work = move || match kind {
            Kind::Picture => Ok(picture(data, dark)),
            Kind::Places => serde_json::to_string_pretty(&places(data))
                .map_err(|error| Fault::Inconsistent(error.to_string())),
            Kind::Structure(format) => {
                let mut part = select(&schema, &names(&data));
                // A script makes tables, which have all of their columns.
                if data.shown.hide.is_some() && !matches!(format, Format::Ddl(_)) {
                    leave_out(&mut part, &data);
                }
                let mut text = write(&part, provider, format, None);
                text.push_str(&undeclared(&part, format, &data.relations));
                text.push_str(&folded(format, &groups(&data)));
                Ok(text)
            }
        };
        // What has links drawn in it keeps a core as busy as any other picture.
        let text = match is_painted {
            true => self.pictures.work(None, work).await,
            false => tokio::task::spawn_blocking(work).await.map_err(Fault::from),
        };
        let text = text.or_answer(ctx)?.or_answer(ctx)?;
        Ok(ExportFile {
            name,
            media_type,
            text,
        })
    }
}

/// What an extension means, for a database that speaks some SQL.
fn kind_of(extension: &str) -> Option<fn(Provider) -> Kind> {
    Some(match extension {
        "svg" => |_| Kind::Picture,
        "json" => |_| Kind::Places,
        "mmd" => |_| Kind::Structure(Format::Mermaid),
        "dbml" => |_| Kind::Structure(Format::Dbml),
        "sql" => |provider| Kind::Structure(Format::Ddl(provider)),
        "md" => |_| Kind::Structure(Format::Markdown),
        _ => return None,
    })
}

/// Leaves the columns out that are not drawn.
fn leave_out(part: &mut Schema, data: &DiagramData) {
    let drawn: HashMap<(&str, &str), &TableNode> = data
        .graph
        .tables
        .iter()
        .map(|node| ((node.schema.as_str(), node.name.as_str()), node))
        .collect();
    for table in &mut part.tables {
        if let Some(node) = drawn.get(&(table.name.schema.as_str(), table.name.name.as_str())) {
            as_drawn(table, node);
        }
    }
}

/// The tables shown; ghosts among them are in no structure and fall out of themselves.
fn names(data: &DiagramData) -> Vec<QualifiedName> {
    data.graph
        .tables
        .iter()
        .map(|table| QualifiedName::new(&table.schema, &table.name))
        .collect()
}

/// The boxes of folded groups, with how many tables each stands for.
fn groups(data: &DiagramData) -> Vec<(String, u64)> {
    let tables = data.graph.tables.iter();
    let groups = tables.filter(|table| table.kind == NodeKind::Group);
    groups
        .map(|group| (group.name.clone(), group.row_count.unwrap_or_default()))
        .collect()
}

/// Refuses words that mean nothing: on a page that is told beside the picture, and a file has no
/// such place.
pub(super) fn words_checked(query: &DiagramQuery) -> Result<(), AppError> {
    if let Some(note) = query.level.as_deref().and_then(unknown_level) {
        return Err(AppError::invalid_field("level", note));
    }
    let overlay = query.overlay.as_deref().filter(|word| *word != NONE);
    if let Some(note) = overlay.and_then(unknown_overlay) {
        return Err(AppError::invalid_field("overlay", note));
    }
    if let Some(note) = query.relations.as_deref().and_then(unknown_relations) {
        return Err(AppError::invalid_field("relations", note));
    }
    Ok(())
}

/// The scene of a view with what is said over it, and what it shows in a sentence.
pub(super) fn scene_of(data: DiagramData) -> (Scene, String) {
    let (tables, links) = (data.graph.tables.len(), data.graph.links.len());
    let label = format!(
        "ER diagram of {}: {}, {}",
        data.database_name,
        counted(tables, "table"),
        counted(links, "link")
    );
    let metrics = TextMetrics::default();
    let mut scene = Scene::arranged(data.graph, &data.layout, metrics, data.arrangement);
    scene.set_overlay(data.overlay);
    (scene, label)
}

/// The colours of a picture.
pub(super) fn theme_of(dark: bool) -> Theme {
    if dark { Theme::DARK } else { Theme::LIGHT }
}

/// The whole view at reading size, with its legend below.
pub(super) fn picture(data: DiagramData, dark: bool) -> String {
    let (scene, label) = scene_of(data);
    let options = SvgOptions {
        label: &label,
        href: None,
        ..SvgOptions::default()
    };
    svg_file(&scene, &View::whole(&scene), &options, &theme_of(dark))
}

/// What is shown and where it stands, in world units, for programs.
fn places(data: DiagramData) -> Value {
    let (id, name, versions) = (
        data.database_id.to_string(),
        data.database_name.clone(),
        data.versions,
    );
    let (scene, _) = scene_of(data);
    let graph = scene.graph();
    let overlay = scene.overlay();
    let mark = |mark: Option<&Mark>| mark.map(|mark| of_mark(mark, overlay));
    let column_names = |table: usize, columns: &[u16]| -> Vec<&str> {
        let table = graph.tables.get(table);
        columns
            .iter()
            .filter_map(|column| Some(table?.columns.get(usize::from(*column))?.name.as_str()))
            .collect()
    };
    let tables: Vec<Value> = graph
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| {
            let rect = scene.rect(place);
            let columns: Vec<Value> = table
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    let said = u16::try_from(at)
                        .ok()
                        .and_then(|at| overlay?.column(place, at));
                    json!({
                        "name": column.name,
                        "type": column.data_type,
                        "primary_key": column.primary_key,
                        "foreign_key": column.foreign_key,
                        "nullable": column.nullable,
                        "unique": column.unique,
                        "mark": mark(said),
                    })
                })
                .collect();
            json!({
                "schema": table.schema,
                "name": table.name,
                "kind": table.kind,
                "row_count": table.row_count,
                "x": rect.min.x,
                "y": rect.min.y,
                "width": rect.width(),
                "height": rect.height(),
                "columns": columns,
                "mark": mark(overlay.and_then(|it| it.table(place))),
            })
        })
        .collect();
    let links: Vec<Value> = graph
        .links
        .iter()
        .enumerate()
        .map(|(place, link)| {
            let name = |table: usize| graph.tables.get(table).map(|it| it.qualified_name());
            let points: Vec<[f64; 2]> = scene
                .route(place)
                .map(|route| route.points.iter().map(|it| [it.x, it.y]).collect())
                .unwrap_or_default();
            json!({
                "name": link.name,
                "from": name(link.child()),
                "from_columns": column_names(link.child(), &link.from_columns),
                "to": name(link.parent()),
                "to_columns": column_names(link.parent(), &link.to_columns),
                "optional": link.optional,
                "unique": link.unique,
                "declared": link.declared,
                "accepted_by": link.accepted_by,
                "points": points,
                "mark": mark(overlay.and_then(|it| it.link(place))),
            })
        })
        .collect();
    json!({
        "database": { "id": id, "name": name },
        "level": scene.detail(),
        "overlay": overlay.map(|it| it.title.as_str()),
        "versions": versions.map(|(from, to)| json!({ "from": from, "to": to })),
        "tables": tables,
        "links": links,
    })
}

fn of_mark(mark: &Mark, overlay: Option<&Overlay>) -> Value {
    let strength = (mark.kind == MarkKind::Heat).then_some(mark.strength);
    let tags = (mark.kind == MarkKind::Tag).then(|| {
        let known = overlay.map(|overlay| overlay.tags.as_slice());
        let known = known.unwrap_or_default();
        let tags = mark.tags.iter();
        tags.filter_map(|tag| Some(known.get(usize::from(*tag))?.name.as_str()))
            .collect::<Vec<_>>()
    });
    json!({ "kind": mark.kind, "label": mark.label, "strength": strength, "tags": tags })
}
