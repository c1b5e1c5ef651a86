local function trim(s) return (string.gsub(s, "^%s*(.-)%s*$", "%1")) end
local function split(s, separator)
  local pieces, start = {}, 1
  while true do
    local at = string.find(s, separator, start, true)
    if not at then pieces[#pieces + 1] = string.sub(s, start); return pieces end
    pieces[#pieces + 1] = string.sub(s, start, at - 1)
    start = at + #separator
  end
end
local total = 0
for i = 0, 4999 do
  local line = trim("  name" .. i .. ",  " .. (i % 100) .. " ,red;green;blue  ")
  local fields = split(line, ",")
  local name = string.gsub(fields[1], "name", "n-")
  local number = trim(fields[2])
  local colours = ""
  for _, colour in ipairs(split(fields[3], ";")) do
    if colours ~= "" then colours = colours .. "|" end
    colours = colours .. string.upper(colour)
  end
  total = total + tonumber(number) + #name + string.find(name, "-", 1, true) - 1 + #colours
  if string.sub(colours, 5, 9) == "GREEN" and string.sub(colours, 1, 3) == "RED" then total = total + 1 end
end
return total
